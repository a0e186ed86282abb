package freshet.replicator.snapshot;

import freshet.replicator.files.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The content of LATEST: which snapshot is the newest, and how fresh it is by now. Replaced
 * atomically, last of all files of a publication, and again while the master is quiet.
 *
 * @param format version of this file's format
 * @param minReader the oldest format version whose readers can read what this names
 * @param repository identity of the repository
 * @param generation the newest snapshot
 * @param manifest digest of its manifest's bytes
 * @param advertisedAt when this was written, by the master's clock
 * @param readThrough up to when on the database's clock every city is complete that is no
 *     exception; null if never yet
 * @param exceptions what holds instead for cities that are behind; a null value is "never yet"
 * @param clock the database's clock as the master knows it; null before the first poll
 * @param times how the last cycle spent its time; null before the first cycle
 * @param upcoming merges that slaves may fetch beforehand
 * @param rebuilt digest of the {@link RebuiltCities} that they may fetch beforehand too; null for
 *     none
 * @param expires reserved for signatures: until when this may be accepted
 * @param signature reserved
 */
public record Advertisement(
    int format,
    int minReader,
    RepositoryId repository,
    Generation generation,
    Digest manifest,
    Instant advertisedAt,
    @Nullable Instant readThrough,
    Map<City, @Nullable Instant> exceptions,
    @Nullable DatabaseClock clock,
    @Nullable CycleTimes times,
    List<UpcomingMerge> upcoming,
    @Nullable Digest rebuilt,
    @Nullable Instant expires,
    @Nullable String signature) {

  /** Without rebuilt cities. */
  public Advertisement(
      int format,
      int minReader,
      RepositoryId repository,
      Generation generation,
      Digest manifest,
      Instant advertisedAt,
      @Nullable Instant readThrough,
      Map<City, @Nullable Instant> exceptions,
      @Nullable DatabaseClock clock,
      @Nullable CycleTimes times,
      List<UpcomingMerge> upcoming,
      @Nullable Instant expires,
      @Nullable String signature) {
    this(
        format,
        minReader,
        repository,
        generation,
        manifest,
        advertisedAt,
        readThrough,
        exceptions,
        clock,
        times,
        upcoming,
        null,
        expires,
        signature);
  }

  /** Copies the collections. */
  public Advertisement {
    exceptions = Collections.unmodifiableMap(new TreeMap<>(exceptions));
    upcoming = List.copyOf(upcoming);
  }

  /**
   * How far the advertised snapshot is behind the database, at most; empty if nobody knows.
   *
   * @param masterNow what the clock of the master's host shows
   */
  public Optional<Duration> ageAt(Instant masterNow) {
    if (readThrough == null || clock == null) {
      return Optional.empty();
    }
    Duration age = Duration.between(readThrough, clock.latestAt(masterNow));
    return Optional.of(age.isNegative() ? Duration.ZERO : age);
  }

  /**
   * Up to when a city of the advertised snapshot is complete, on the database's clock. Empty: it
   * never was.
   */
  public Optional<Instant> readThrough(CityEntry entry) {
    if (exceptions.containsKey(entry.city())) {
      return Optional.ofNullable(exceptions.get(entry.city()));
    }
    Instant own = entry.readThrough();
    Instant all = readThrough;
    if (own == null || all == null) {
      return Optional.ofNullable(own == null ? all : own);
    }
    return Optional.of(own.isAfter(all) ? own : all);
  }
}

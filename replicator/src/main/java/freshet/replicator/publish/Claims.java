package freshet.replicator.publish;

import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.FormatVersion;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.UpcomingMerge;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Carries claims of freshness from one advertisement to the next. Nothing that was true of older
 * files is taken back, and nothing is claimed of a city that is behind. Pure.
 */
final class Claims {
  private Claims() {}

  /** The current snapshot with what advertises it. */
  record Advertised(Snapshot snapshot, Advertisement advertisement) {}

  /** Up to when a city that gets a new entry is complete. */
  static @Nullable Instant ofEntry(City city, FreshnessClaim claim, @Nullable Advertised before) {
    Map<City, @Nullable Instant> exceptions = claim.exceptions();
    Instant claimed = exceptions.containsKey(city) ? exceptions.get(city) : claim.readThrough();
    return later(claimed, known(city, before));
  }

  /** What LATEST is to say of a snapshot. */
  static Advertisement advertise(
      Snapshot snapshot,
      @Nullable Advertised before,
      FreshnessClaim claim,
      List<UpcomingMerge> upcoming,
      @Nullable Digest rebuilt,
      Instant now) {
    Map<City, @Nullable Instant> exceptions = new TreeMap<>();
    if (before != null) {
      carryOver(exceptions, snapshot, before, claim);
    }
    for (Map.Entry<City, @Nullable Instant> exception : claim.exceptions().entrySet()) {
      City city = exception.getKey();
      if (snapshot.city(city).isPresent()) {
        exceptions.put(city, later(exception.getValue(), known(city, before)));
      }
    }
    Advertisement last = before == null ? null : before.advertisement();
    return new Advertisement(
        FormatVersion.CURRENT,
        FormatVersion.MIN_READER,
        snapshot.manifest().repository(),
        snapshot.generation(),
        snapshot.manifestDigest(),
        now,
        later(claim.readThrough(), last == null ? null : last.readThrough()),
        exceptions,
        claim.clock() == null && last != null ? last.clock() : claim.clock(),
        claim.times() == null && last != null ? last.times() : claim.times(),
        upcoming,
        rebuilt,
        null,
        null);
  }

  /** A claim that is silent on a city does not end its being behind. */
  private static void carryOver(
      Map<City, @Nullable Instant> exceptions,
      Snapshot snapshot,
      Advertised before,
      FreshnessClaim claim) {
    for (CityEntry entry : snapshot.cities().values()) {
      City city = entry.city();
      CityEntry old = before.snapshot().city(city).orElse(null);
      boolean isExcepted = before.advertisement().exceptions().containsKey(city);
      boolean isSilent = claim.readThrough() == null && old != null && entry.hasSameFilesAs(old);
      if (entry.behind() != null || (isExcepted && isSilent)) {
        exceptions.put(city, known(city, before));
      }
    }
  }

  private static @Nullable Instant known(City city, @Nullable Advertised before) {
    if (before == null) {
      return null;
    }
    return before
        .snapshot()
        .city(city)
        .flatMap(entry -> before.advertisement().readThrough(entry))
        .orElse(null);
  }

  private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isAfter(other) ? one : other;
  }
}

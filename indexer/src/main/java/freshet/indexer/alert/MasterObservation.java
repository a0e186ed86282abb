package freshet.indexer.alert;

import freshet.indexer.schedule.CycleReport;
import freshet.replicator.pause.Pauses;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a master's watch sees at one moment.
 *
 * @param at by the clock of the incidents
 * @param ageLimit how old what is served may be
 * @param expectChangeEvery how long the database may be without a change; null for however long
 * @param latest what is advertised; null before the first publication
 * @param cycles how they go
 * @param connects how connects to the database go
 * @param cities that do not go along
 * @param recent what happened lately
 * @param slaves those that were heard of
 * @param pauses what people have paused
 */
public record MasterObservation(
    Instant at,
    Duration ageLimit,
    @Nullable Duration expectChangeEvery,
    @Nullable Advertisement latest,
    Cycles cycles,
    ConnectHistory.Recent connects,
    Laggards cities,
    Recent recent,
    List<SlaveSeen> slaves,
    Pauses pauses) {

  /** Copies the list. */
  public MasterObservation {
    slaves = List.copyOf(slaves);
  }

  /**
   * How cycles go.
   *
   * @param newest report; null before the first
   * @param failingSince when the first of those that fail began; null if the newest did not
   * @param runningSince when the one began that is under way; null if none is
   */
  public record Cycles(
      @Nullable CycleReport newest,
      @Nullable Instant failingSince,
      @Nullable Instant runningSince) {}

  /**
   * Cities that do not go along with the others.
   *
   * @param failing those that can't apply their changes, and why
   * @param held by the publish gate, or by a person; and why
   * @param behind all of them, the others included, since when, and why
   */
  public record Laggards(
      SortedMap<City, String> failing,
      SortedMap<City, String> held,
      SortedMap<City, Behind> behind) {
    /** Copies the maps. */
    public Laggards {
      failing = Collections.unmodifiableSortedMap(new TreeMap<>(failing));
      held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
      behind = Collections.unmodifiableSortedMap(new TreeMap<>(behind));
    }
  }

  /**
   * A city that is behind.
   *
   * @param since when the first cycle began that left it behind
   * @param reason the last one
   */
  public record Behind(Instant since, String reason) {}

  /**
   * What happened within the last hour.
   *
   * @param setAside rows that were set aside, and still are
   * @param setAsideInAll rows that are set aside, however long
   * @param beyondOverlap changes that only the sweep found
   * @param lastChange when a change was read last, or what is published was made; null if nobody
   *     knows
   */
  public record Recent(
      int setAside, int setAsideInAll, long beyondOverlap, @Nullable Instant lastChange) {}

  /**
   * A slave as it reported of itself.
   *
   * @param name of it
   * @param reportedAt when, by this host's clock
   * @param age of what it serves; null if unknown, or if the slave is paused, which it tells itself
   * @param told causes of what it has told people itself; null if its messages reach nobody
   */
  public record SlaveSeen(
      String name, Instant reportedAt, @Nullable Duration age, @Nullable List<String> told) {
    /** Copies the list. */
    public SlaveSeen {
      told = told == null ? null : List.copyOf(told);
    }

    /** Whether people have no word of its own. */
    boolean isMute() {
      return told == null || told.isEmpty();
    }
  }

  /** How far what is published is behind the database, at most; null if nobody knows. */
  @Nullable Duration age() {
    return latest == null ? null : latest.ageAt(at).orElse(null);
  }

  /** Whether the limit is near: what explains the age is wanted by then, by slaves too. */
  boolean isNearLimit() {
    Duration age = age();
    return age != null && age.compareTo(ageLimit.multipliedBy(4).dividedBy(5)) >= 0;
  }

  /** Whether so much makes up most of the age. */
  boolean isMostOfAge(Duration part) {
    Duration age = age();
    return age != null && part.multipliedBy(2).compareTo(age) >= 0;
  }

  /** When the limit is crossed if nothing is published any more; null if nobody knows. */
  @Nullable Instant limitAt() {
    Duration age = age();
    return age == null ? null : at.plus(ageLimit).minus(age);
  }
}

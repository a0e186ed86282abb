package freshet.indexer.app;

import freshet.indexer.build.CityStatistics;
import freshet.indexer.merge.MergeFigures;
import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CycleReport;
import freshet.replicator.freshness.CityAge;
import freshet.replicator.pause.Pause;
import freshet.replicator.pause.Pauses;
import freshet.replicator.serve.FleetView;
import freshet.replicator.serve.TransferStatus;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryId;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SourcePosition;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a master does, has, and waits for. It is the JSON of GET /status and of {@code bin/indexer
 * status --json}.
 *
 * @param role always "indexer"
 * @param state running, waiting, failing, paused; or stopped, if no daemon runs
 * @param waitsFor what happens next, and when, in words
 * @param pid of the daemon, or of who holds the lock; null if nobody does
 * @param url where the daemon serves; null if none runs
 * @param repository its identity; null before the first publication
 * @param generation that LATEST names; null before the first publication
 * @param advertisedAt when LATEST was written last
 * @param readThrough up to when on the database's clock all cities are complete that are not behind
 * @param documents of that generation
 * @param bytes of that generation
 * @param cities how many it has
 * @param behind cities that are left at an older position, with it
 * @param held since when and why those are behind
 * @param slaves what slaves reported of themselves lately
 * @param transfers what serving takes at the moment; null if no daemon runs
 * @param quarantined rows that are set aside
 * @param merges what the merges do; null if no daemon runs
 * @param statistics of each city's working index
 * @param rebuild that is under way; null if none is
 * @param paused what people have paused, everything or cities
 * @param lastCycles the last ones that did or met something, newest first
 * @param ages of the published cities that were asked for, by stages; null if none were
 */
record MasterStatus(
    String role,
    String state,
    String waitsFor,
    @Nullable Long pid,
    @Nullable String url,
    @Nullable RepositoryId repository,
    @Nullable Generation generation,
    @Nullable Instant advertisedAt,
    @Nullable Instant readThrough,
    long documents,
    long bytes,
    int cities,
    SortedMap<City, SourcePosition> behind,
    SortedMap<City, HeldCities.Held> held,
    List<FleetView.Slave> slaves,
    @Nullable TransferStatus transfers,
    int quarantined,
    @Nullable MergeFigures merges,
    List<CityStatistics> statistics,
    @Nullable RebuildStatus rebuild,
    Pauses paused,
    List<CycleReport> lastCycles,
    @Nullable List<CityAge> ages) {

  /** Copies the collections. */
  MasterStatus {
    behind = new TreeMap<>(behind);
    held = new TreeMap<>(held);
    slaves = List.copyOf(slaves);
    statistics = List.copyOf(statistics);
    lastCycles = List.copyOf(lastCycles);
    ages = ages == null ? null : List.copyOf(ages);
  }

  /** The same with the ages of these cities, since they were asked for. */
  MasterStatus withAges(List<CityAge> asked) {
    return new MasterStatus(
        role,
        state,
        waitsFor,
        pid,
        url,
        repository,
        generation,
        advertisedAt,
        readThrough,
        documents,
        bytes,
        cities,
        behind,
        held,
        slaves,
        transfers,
        quarantined,
        merges,
        statistics,
        rebuild,
        paused,
        lastCycles,
        asked);
  }

  /** What is published, beside who does it and what is next. */
  static MasterStatus of(
      String state,
      String waitsFor,
      @Nullable Long pid,
      @Nullable String url,
      @Nullable Advertisement latest,
      @Nullable Snapshot snapshot,
      SortedMap<City, SourcePosition> behind,
      HeldCities held,
      List<FleetView.Slave> slaves,
      @Nullable TransferStatus transfers,
      int quarantined,
      @Nullable MergeFigures merges,
      List<CityStatistics> statistics,
      @Nullable RebuildStatus rebuild,
      Pauses paused,
      List<CycleReport> lastCycles) {
    return new MasterStatus(
        "indexer",
        state,
        waitsFor,
        pid,
        url,
        latest == null ? null : latest.repository(),
        latest == null ? null : latest.generation(),
        latest == null ? null : latest.advertisedAt(),
        latest == null ? null : latest.readThrough(),
        snapshot == null ? 0 : snapshot.documents(),
        snapshot == null ? 0 : snapshot.bytes(),
        snapshot == null ? 0 : snapshot.cities().size(),
        behind,
        held.cities(),
        slaves,
        transfers,
        quarantined,
        merges,
        statistics,
        rebuild,
        paused,
        lastCycles,
        null);
  }

  /** The daemon's state, from what runs and what was last. */
  static String stateOf(
      @Nullable Instant runningSince, @Nullable CycleReport newest, @Nullable Pause paused) {
    if (paused != null) {
      return "paused";
    }
    if (newest != null && !newest.isClean()) {
      return "failing";
    }
    return runningSince == null ? "waiting" : "running";
  }

  /** What the daemon waits for, in words. */
  static String waitsFor(
      @Nullable Instant runningSince,
      @Nullable CycleReport newest,
      @Nullable Instant failingSince,
      @Nullable Instant next,
      @Nullable Pause paused) {
    if (paused != null) {
      return endOf(paused);
    }
    String then = next == null ? "the schedule" : "the cycle that is due at " + next;
    if (newest != null && newest.outcome() instanceof CycleOutcome.Failed failed) {
      return "%s to work again, which fails since %s (%s: %s); it is tried again with %s"
          .formatted(stageOf(failed), failingSince, failed.failure(), failed.message(), then);
    }
    if (newest != null && newest.outcome() instanceof CycleOutcome.Held held) {
      return "%s; it goes on with %s".formatted(held.reason(), then);
    }
    return runningSince == null ? then : "the cycle to end that began at " + runningSince;
  }

  /** That of a pause, or somebody who ends it sooner. */
  static String endOf(Pause pause) {
    return "its pause to end, or bin/indexer resume: it is " + pause.sentence();
  }

  private static String stageOf(CycleOutcome.Failed failed) {
    return switch (failed.stage()) {
      case RECOVER -> "the recovery of the working indexes";
      case POLL -> "the database";
      case ROUTE -> "the routing table";
      case BUILD -> "the build";
      case PUBLISH -> "the repository";
    };
  }
}

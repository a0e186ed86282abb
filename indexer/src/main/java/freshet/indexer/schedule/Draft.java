package freshet.indexer.schedule;

import freshet.indexer.build.BatchCounts;
import freshet.indexer.route.RoutedBatch;
import freshet.indexer.source.ChangeBatch;
import freshet.indexer.source.Finding;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.SourcePosition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A cycle's report while the cycle runs. */
final class Draft {
  private final Time time;
  private final Instant started;
  private final SortedMap<City, String> failed = new TreeMap<>();
  private long lap;
  private Duration recover = Duration.ZERO;
  private Duration poll = Duration.ZERO;
  private Duration route = Duration.ZERO;
  private Duration build = Duration.ZERO;
  private Duration publish = Duration.ZERO;
  private final SortedMap<City, String> withheld = new TreeMap<>();
  private SortedMap<City, String> held = Collections.emptySortedMap();
  private @Nullable ChangeBatch batch;
  private BatchCounts counts = BatchCounts.NONE;
  private boolean isFollowed;
  private int moved;
  private int cities;

  private final List<Finding> findings = new ArrayList<>();

  /** Cities whose finished merges were committed. */
  int merged;

  Draft(Time time) {
    this.time = time;
    this.started = time.now();
    this.lap = time.nanoTime();
  }

  /** Notes what is wrong whatever the poll finds. */
  void found(Collection<Finding> more) {
    findings.addAll(more);
  }

  void recovered() {
    recover = lap();
  }

  /** Notes cities that apply nothing, and why. */
  void paused(SortedMap<City, String> why) {
    withheld.putAll(why);
  }

  void polled(ChangeBatch read) {
    batch = read;
    findings.addAll(read.findings());
    poll = lap();
  }

  void routed(RoutedBatch routed) {
    moved = routed.moved();
    route = lap();
  }

  void applied(Applied applied) {
    counts = applied.counts();
    cities = applied.committed().size();
    applied.failed().forEach((city, cause) -> failed.put(city, cause.toString()));
  }

  /** Notes whether the next cycle should follow at once. */
  void followed(boolean atOnce) {
    isFollowed = atOnce;
  }

  void built() {
    build = lap();
  }

  void published(SortedMap<City, String> butThese, SortedMap<City, String> norThese) {
    withheld.putAll(butThese);
    held = norThese;
    publish = lap();
  }

  /** What {@link freshet.replicator.snapshot.CycleTimes} calls building. */
  Duration buildTime() {
    return route.plus(build);
  }

  CycleReport report(
      CycleOutcome outcome,
      SortedMap<City, SourcePosition> behind,
      SortedMap<City, Instant> nextTries) {
    ChangeBatch read = batch;
    boolean isFailed = outcome instanceof CycleOutcome.Failed;
    return new CycleReport(
        started,
        outcome,
        read == null ? null : read.report(),
        counts,
        moved,
        cities,
        merged,
        failed,
        withheld,
        held,
        new TreeSet<>(behind.keySet()),
        nextTries,
        isFollowed && !isFailed,
        read == null ? null : read.readThrough(),
        read == null ? null : read.whyNot(),
        findings,
        new CycleReport.StageTimes(recover, poll, route, build, publish));
  }

  private Duration lap() {
    Duration since = time.since(lap);
    lap = time.nanoTime();
    return since;
  }
}

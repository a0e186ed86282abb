package freshet.indexer.alert;

import freshet.indexer.alert.MasterObservation.SlaveSeen;
import freshet.indexer.schedule.CycleReport;
import freshet.indexer.source.PollReport;
import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a single look can't tell: what happened within the last hour, and which slaves there were.
 * Thread-safe.
 */
public final class RecentEvents {
  private static final Duration REACH = Duration.ofHours(1);

  /** A slave that is silent for so long was most likely taken away. */
  private static final Duration RETIRED = Duration.ofDays(1);

  private static final int MOST_SLAVES = 2_000;

  private final Deque<Rescue> rescues = new ArrayDeque<>();
  private final TreeMap<String, SlaveSeen> slaves = new TreeMap<>();
  private @Nullable Instant lastChange;
  private FailingCities failing = FailingCities.NONE;
  private int polls;
  private boolean hasEnded;

  private record Rescue(Instant at, long count) {}

  /**
   * Begins.
   *
   * @param lastChange when what is published was made; null if nothing is
   */
  public RecentEvents(@Nullable Instant lastChange) {
    this.lastChange = lastChange;
  }

  /** When events lie too far back to count, seen from this moment. */
  public static Instant reach(Instant now) {
    return now.minus(REACH);
  }

  /** Takes a cycle into account. */
  public synchronized void cycled(CycleReport report) {
    failing = failing.after(report);
    PollReport poll = report.poll();
    if (poll == null) {
      return;
    }
    polls++;
    if (poll.deletionsRead() + poll.changesRead() > 0) {
      lastChange = report.started();
    }
    if (poll.checks().sweepRescued() > 0) {
      rescues.addLast(new Rescue(report.started(), poll.checks().sweepRescued()));
    }
  }

  /** No cycle comes any more, so that the last one says what there is to say. */
  public synchronized void ended() {
    hasEnded = true;
  }

  /** Cities that can't apply their changes, and why. */
  public synchronized SortedMap<City, String> failing() {
    return failing.cities();
  }

  /**
   * Whether this says something: some servers can't be told from a first poll how far they are
   * behind, which after a restart looks as if replication stood still. Where no second one comes,
   * as in a run of cron, it does.
   */
  public synchronized boolean isTelling(CycleReport report) {
    PollReport poll = report.poll();
    return poll == null || poll.replicaLag() != null || polls > 1 || hasEnded;
  }

  /** Takes over what slaves reported, and tells of all that were heard of. */
  public synchronized List<SlaveSeen> slaves(Collection<SlaveSeen> reported, Instant now) {
    slaves.values().removeIf(slave -> slave.reportedAt().plus(RETIRED).isBefore(now));
    for (SlaveSeen slave : reported) {
      if (slaves.size() < MOST_SLAVES || slaves.containsKey(slave.name())) {
        slaves.put(slave.name(), slave);
      }
    }
    return List.copyOf(slaves.values());
  }

  /** Changes of the last hour that only the sweep found. */
  public synchronized long beyondOverlap(Instant now) {
    rescues.removeIf(rescue -> rescue.at().isBefore(reach(now)));
    return rescues.stream().mapToLong(Rescue::count).sum();
  }

  /** When a change was read last; null if nobody knows. */
  public synchronized @Nullable Instant lastChange() {
    return lastChange;
  }
}

package freshet.indexer.source;

import freshet.indexer.session.SourceException;
import freshet.indexer.source.Remembered.RunningSweep;
import freshet.indexer.source.Remembered.SweepState;
import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One poll's share of a sweep: begins one when it is due, goes on with it for some pages, documents
 * before tombstones, and widens the overlap by what was rescued.
 */
final class SweepRun {
  /** Pages of one poll, so that it stays short. */
  private static final int MOST_PAGES = 2;

  private final CheckOptions options;
  private final Duration overlap;
  private final PollPoint point;
  private final Sweep documents;
  private final @Nullable Sweep tombstones;
  private final BatchDraft draft;
  private int rescued;
  private @Nullable Finding finding;

  /**
   * One poll's.
   *
   * @param overlap that this poll reads with
   * @param tombstones null if there are none
   */
  SweepRun(
      CheckOptions options,
      Duration overlap,
      PollPoint point,
      Sweep documents,
      @Nullable Sweep tombstones,
      BatchDraft draft) {
    this.options = options;
    this.overlap = overlap;
    this.point = point;
    this.documents = documents;
    this.tombstones = tombstones;
    this.draft = draft;
  }

  /** Finds out what the last poll's batch has rescued, and widens the overlap by it. */
  Remembered verify(Remembered before) throws IOException {
    List<Rescued> found = new ArrayList<>(verified(documents));
    if (tombstones != null) {
      found.addAll(verified(tombstones));
    }
    rescued = found.size();
    if (found.isEmpty()) {
      return before;
    }
    Rescued oldest = found.stream().min(Comparator.comparingLong(Rescued::stamped)).orElseThrow();
    Duration widened =
        new Lateness(overlap, options.sweepReach(), options.sweepEvery())
            .widened(oldest.stamped(), point.horizon(), before.sweep().last());
    finding =
        new Finding(
            "transactions commit later than the overlap reaches",
            "the sweep rescued %s; the oldest, key %s, is stamped %s and was found at %s, up to %d s late; the overlap is %d s now, it was %d s"
                .formatted(
                    Count.of(rescued, "document"),
                    oldest.key(),
                    PollPoint.time(oldest.stamped()),
                    PollPoint.time(point.horizon()),
                    (point.horizon() - oldest.stamped()) / 1_000_000,
                    widened.toSeconds(),
                    overlap.toSeconds()),
            "make the transactions shorter, or set source.overlap to what they need");
    return before.withOverlap(widened);
  }

  /**
   * A document that is indexed because of the sweep.
   *
   * @param stamped when, in microseconds since 1970 UTC
   */
  private record Rescued(DocumentKey key, long stamped) {}

  private static List<Rescued> verified(Sweep sweep) throws IOException {
    return sweep.verify().stream()
        .map(pair -> new Rescued(pair.key(), sweep.stamped(pair)))
        .toList();
  }

  /** What somebody should hear of. */
  Optional<Finding> finding() {
    return Optional.ofNullable(finding);
  }

  /** Goes on, or begins; what is to be remembered of it. */
  SweepState run(SweepState state) throws SourceException, IOException {
    RunningSweep running = state.running();
    if (running == null) {
      if (!isDue(state.last())) {
        return state;
      }
      running = new RunningSweep(point.horizon(), false, start(documents), 0);
    }
    Sweep sweep = running.inTombstones() && tombstones != null ? tombstones : documents;
    Cursor start = start(sweep);
    // What has become too old meanwhile is not looked at.
    Cursor at = running.at().compareTo(start) < 0 ? start : running.at();
    PageWalk<Cursor> walk = new PageWalk<>(at, running.repeats());
    int limit = draft.pageRows() * ChangeRead.PAIRS_PER_ROW;
    walk.run(MOST_PAGES, draft, after -> sweep.compare(after, limit));
    if (!walk.isDone()) {
      return new SweepState(
          state.last(),
          new RunningSweep(running.began(), running.inTombstones(), walk.at(), walk.repeats()));
    }
    if (tombstones != null && !running.inTombstones()) {
      return new SweepState(
          state.last(), new RunningSweep(running.began(), true, start(tombstones), 0));
    }
    return new SweepState(running.began(), null);
  }

  private boolean isDue(@Nullable Long last) {
    long every = options.sweepEvery().toNanos() / 1_000;
    return last == null || point.horizon() - last >= every || point.horizon() < last;
  }

  private Cursor start(Sweep sweep) {
    return sweep.start(options.sweepReach().toNanos() / 1_000);
  }

  /** How many pairs were compared. */
  int pairs() {
    return documents.pairs() + (tombstones == null ? 0 : tombstones.pairs());
  }

  /** How many documents are known to have been rescued. */
  int rescued() {
    return rescued;
  }
}

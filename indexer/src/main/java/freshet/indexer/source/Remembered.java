package freshet.indexer.source;

import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.SourcePosition;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a source knows across restarts beside its position. All points in time are on the database's
 * clock, in microseconds since 1970 UTC.
 *
 * @param overlap what late commits have widened the overlap to; zero if they have not
 * @param deletions up to when deletions are known though no tombstone says so; null if that is
 *     unknown
 * @param sweep how far sweeps have come
 * @param diff how far id diffs have come
 * @param waiting for which transactions no server is polled; null if one is
 */
public record Remembered(
    Duration overlap,
    @Nullable DeletionsKnown deletions,
    SweepState sweep,
    DiffState diff,
    @Nullable Waiting waiting) {
  /** Before the first poll. */
  public static final Remembered NOTHING =
      new Remembered(
          Duration.ZERO, null, new SweepState(null, null), new DiffState(null, null), null);

  /**
   * Whoever polls from these cursors or later ones knows all deletions up to a point in time.
   *
   * @param tombstones cursor of deletions
   * @param changes cursor of changes
   * @param through the point in time
   */
  public record DeletionsKnown(Cursor tombstones, Cursor changes, long through) {

    /** Whether it holds for a poll that resumes there; not after a step back to an older index. */
    boolean holdsFrom(SourcePosition from) {
      return from.deletions().compareTo(tombstones) >= 0 && from.changes().compareTo(changes) >= 0;
    }
  }

  /**
   * Transactions that all servers lack.
   *
   * @param gtid those that are indexed
   * @param since when, on our own clock
   */
  public record Waiting(String gtid, Instant since) {}

  /**
   * Sweeps.
   *
   * @param last when the last one began that has ended; null before the first
   * @param running the one that has not
   */
  public record SweepState(@Nullable Long last, @Nullable RunningSweep running) {}

  /**
   * A sweep that goes on in the next poll.
   *
   * @param began when
   * @param inTombstones whether the documents are done, and tombstones are looked at
   * @param at up to where everything was found to be right
   * @param repeats how often what follows was found otherwise
   */
  public record RunningSweep(long began, boolean inTombstones, Cursor at, int repeats) {}

  /**
   * Id diffs.
   *
   * @param last when the last one began that has ended; null before the first
   * @param running the one that has not
   */
  public record DiffState(@Nullable Long last, @Nullable RunningDiff running) {}

  /**
   * An id diff that goes on in the next poll.
   *
   * @param reason why all keys are compared
   * @param began when
   * @param proves whether the lag was known then, so that deletions are known up to then once it
   *     ends
   * @param provesFrom the position's cursor of changes then: an index that was set back before it
   *     has to be compared from the start
   * @param inIndex whether the table's keys are done, and those of the index are looked at
   * @param at up to which key everything was found to be right
   * @param repeats how often what follows was found otherwise
   * @param found so far
   */
  public record RunningDiff(
      DiffReason reason,
      long began,
      boolean proves,
      Cursor provesFrom,
      boolean inIndex,
      DocumentKey at,
      int repeats,
      DiffCounts found) {}

  Remembered withOverlap(Duration widened) {
    return new Remembered(widened, deletions, sweep, diff, waiting);
  }

  Remembered with(DeletionsKnown known) {
    return new Remembered(overlap, known, sweep, diff, waiting);
  }

  Remembered with(SweepState next) {
    return new Remembered(overlap, deletions, next, diff, waiting);
  }

  Remembered with(DiffState next) {
    return new Remembered(overlap, deletions, sweep, next, waiting);
  }

  Remembered waitingFor(@Nullable Waiting next) {
    return new Remembered(overlap, deletions, sweep, diff, next);
  }
}

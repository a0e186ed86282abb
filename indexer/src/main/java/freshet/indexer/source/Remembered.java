package freshet.indexer.source;

import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.SourcePosition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
 * @param withoutGtid what order is kept by where there is no GTID; null with it
 * @param cities which cities are indexed; null if all are
 */
public record Remembered(
    Duration overlap,
    @Nullable DeletionsKnown deletions,
    SweepState sweep,
    DiffState diff,
    @Nullable Waiting waiting,
    @Nullable WithoutGtid withoutGtid,
    @Nullable String cities) {
  /** Before the first poll. */
  public static final Remembered NOTHING =
      new Remembered(
          Duration.ZERO,
          null,
          new SweepState(null, null),
          new DiffState(null, null),
          null,
          null,
          null);

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
   * Servers that don't tell what they have executed.
   *
   * @param server that was polled last
   * @param largestLag that was seen, in microseconds
   * @param left since when versions decide, because the server has changed; null if they don't
   * @param deleted documents that tombstones have deleted lately, each with the time up to which no
   *     row of its key counts, in their order
   */
  public record WithoutGtid(
      String server, long largestLag, @Nullable Left left, List<Cursor> deleted) {

    /** Copies. */
    public WithoutGtid {
      deleted = List.copyOf(deleted);
    }

    /**
     * A change of servers.
     *
     * @param from the server before
     * @param to the one since
     * @param at when
     * @param until the horizon at which the new server has all that was read from the old one
     */
    public record Left(String from, String to, long at, long until) {

      /** In words. */
      String why() {
        return "server %s is polled, before it was %s, and there is no GTID: version order applies until the server's clock less its lag shows %s"
            .formatted(to, from, PollPoint.time(until));
      }
    }
  }

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

  /**
   * The same of an index that may hold documents again which were found to be deleted: all keys are
   * compared by the next polls, and until then no deletion counts as known.
   */
  public Remembered comparedAnew() {
    return with((DeletionsKnown) null).with(new DiffState(0L, null));
  }

  Remembered withOverlap(Duration widened) {
    return new Remembered(widened, deletions, sweep, diff, waiting, withoutGtid, cities);
  }

  Remembered with(@Nullable DeletionsKnown known) {
    return new Remembered(overlap, known, sweep, diff, waiting, withoutGtid, cities);
  }

  Remembered with(SweepState next) {
    return new Remembered(overlap, deletions, next, diff, waiting, withoutGtid, cities);
  }

  Remembered with(DiffState next) {
    return new Remembered(overlap, deletions, sweep, next, waiting, withoutGtid, cities);
  }

  Remembered waitingFor(@Nullable Waiting next) {
    return new Remembered(overlap, deletions, sweep, diff, next, withoutGtid, cities);
  }

  Remembered with(@Nullable WithoutGtid next) {
    return new Remembered(overlap, deletions, sweep, diff, waiting, next, cities);
  }

  Remembered withCities(@Nullable String next) {
    return new Remembered(overlap, deletions, sweep, diff, waiting, withoutGtid, next);
  }

  /** Why versions decide which reads count; null if the last read does. */
  WithoutGtid.@Nullable Left orderedByVersion(long horizon) {
    WithoutGtid.Left left = withoutGtid == null ? null : withoutGtid.left();
    return left == null || horizon > left.until() ? null : left;
  }

  /** Whether versions have decided until now, and do no more. */
  boolean hasVersionOrderEnded(long horizon) {
    return withoutGtid != null && withoutGtid.left() != null && orderedByVersion(horizon) == null;
  }
}

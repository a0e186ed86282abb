package freshet.indexer.source;

import freshet.indexer.session.Lag;
import org.jspecify.annotations.Nullable;

/**
 * How a poll ended, as far as that decides what it may claim. Pure.
 *
 * @param isStopped whether somebody asked for an early end
 * @param reachedEnd whether nothing was left to read
 * @param hasLostConnection whether the connection was lost in the middle
 * @param lag of the server, measured before the first page
 * @param gate why nothing may be called complete before a comparison has ended; null if none runs
 *     that says so
 * @param horizon the database's clock when the poll began, less the lag, in microseconds
 * @param deletions up to when they are known, where nothing but id diffs tells of them; null where
 *     they are noted
 */
record PollEnd(
    boolean isStopped,
    boolean reachedEnd,
    boolean hasLostConnection,
    Lag lag,
    @Nullable String gate,
    long horizon,
    @Nullable Deletions deletions) {

  /**
   * Deletions that leave no trace.
   *
   * @param through the begin of the last id diff that proves something; null if there is none
   */
  record Deletions(@Nullable Long through) {}

  /** Up to when the cities are complete once they have applied what was read. */
  Claim claim() {
    if (isStopped) {
      return Claim.none("the poll was stopped");
    }
    if (!reachedEnd && hasLostConnection) {
      return Claim.none(
          "the connection was lost in the middle: what was read is kept, the rest comes next");
    }
    if (!reachedEnd) {
      return Claim.none("there is more to read than one batch or one poll may hold");
    }
    if (lag instanceof Lag.Unknown(String why)) {
      return Claim.none("the lag is unknown: " + why);
    }
    if (gate != null) {
      return Claim.none(gate);
    }
    if (deletions == null) {
      return Claim.of(horizon);
    }
    Long through = deletions.through;
    return through == null
        ? Claim.none("deletions leave no trace, and no id diff has ended yet that would tell them")
        : Claim.of(Math.min(through, horizon));
  }
}

package freshet.indexer.merge;

import java.time.Instant;

/**
 * A merge that failed and is tried again later.
 *
 * @param message of what went wrong
 * @param retryAt not before this
 */
record MergeFailure(String message, Instant retryAt) {

  boolean isTooFresh(Instant now) {
    return now.isBefore(retryAt);
  }

  @Override
  public String toString() {
    return "it failed (%s) and is tried again at %s".formatted(message, retryAt);
  }
}

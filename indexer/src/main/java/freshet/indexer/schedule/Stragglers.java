package freshet.indexer.schedule;

import freshet.replicator.snapshot.City;
import java.util.Set;
import java.util.TreeSet;

/**
 * For which of the cities that are behind the next poll begins further back. As long as such a poll
 * reads up to the end, it serves all. Once there is more to read than fits a batch, it serves those
 * cities alone, so that they and all others take turns: else one city that can't get on, or is read
 * from its start, would keep every other from being polled. Used by one thread at a time.
 */
final class Stragglers {
  private boolean isTurnOfOthers;
  private boolean hasGotOn;

  /**
   * Those that the next poll leaves out.
   *
   * @param behind all of them
   * @param overdue cities that could not apply anything just now
   */
  Set<City> leftOut(Set<City> behind, Set<City> overdue) {
    Set<City> leftOut = new TreeSet<>(behind);
    if (!isTurnOfOthers) {
      leftOut.retainAll(overdue);
    }
    return leftOut;
  }

  /**
   * Notes what came of a poll.
   *
   * @param served cities that it began further back for
   * @param reachedEnd whether it left nothing to read
   * @param failed cities that could not apply it
   * @return whether the next poll should follow at once
   */
  boolean polled(Set<City> served, boolean reachedEnd, Set<City> failed) {
    if (!served.isEmpty() && !reachedEnd) {
      isTurnOfOthers = true;
      hasGotOn = !failed.containsAll(served);
      return true;
    }
    boolean goesOn = isTurnOfOthers && hasGotOn;
    isTurnOfOthers = false;
    return !reachedEnd || goesOn;
  }
}

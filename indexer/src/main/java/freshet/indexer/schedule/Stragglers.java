package freshet.indexer.schedule;

import freshet.replicator.snapshot.City;
import java.time.Instant;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * For which of the cities that are behind the next poll begins further back. As long as such a poll
 * reads up to the end, it serves all. Once there is more to read than fits a batch, it serves those
 * cities alone, so that they and all others take turns: else one city that can't get on, or is read
 * from its start, would keep every other from being polled. One that fails again and again has its
 * turn ever more rarely. Used by one thread at a time.
 */
final class Stragglers {
  private final CityBackoff backoff;
  private boolean isTurnOfOthers;
  private boolean hasGotOn;

  Stragglers(CityBackoff backoff) {
    this.backoff = backoff;
  }

  /**
   * Those that the next poll leaves out.
   *
   * @param behind all of them
   * @param overdue cities that could not apply anything just now
   */
  Set<City> leftOut(Set<City> behind, Set<City> overdue, Instant now) {
    backoff.keep(behind);
    Set<City> leftOut = new TreeSet<>(behind);
    if (!isTurnOfOthers) {
      Set<City> notNow = backoff.waiting(now);
      notNow.addAll(overdue);
      leftOut.retainAll(notNow);
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
  boolean polled(Set<City> served, boolean reachedEnd, Set<City> failed, Instant now) {
    for (City city : served) {
      if (!failed.contains(city)) {
        backoff.gotOn(city);
      } else if (!reachedEnd) {
        backoff.failed(city, now);
      }
    }
    if (!served.isEmpty() && !reachedEnd) {
      isTurnOfOthers = true;
      hasGotOn = !failed.containsAll(served);
      return true;
    }
    boolean goesOn = isTurnOfOthers && hasGotOn;
    isTurnOfOthers = false;
    return !reachedEnd || goesOn;
  }

  /** When those are tried again that failed several times; all others with the next cycle. */
  SortedMap<City, Instant> nextTries(Instant now) {
    return backoff.nextTries(now);
  }
}

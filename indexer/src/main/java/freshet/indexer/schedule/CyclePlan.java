package freshet.indexer.schedule;

import freshet.indexer.build.BatchCounts;
import freshet.indexer.source.PollReport;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.SourcePosition;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a cycle would do now.
 *
 * @param from where the poll resumed
 * @param to where the next one would resume
 * @param reachedEnd whether one batch holds everything
 * @param poll figures of the poll
 * @param cities what the batch would mean to each city that it names
 * @param moved documents that would change their city
 * @param unpublished cities that would be published though the batch does not change them
 */
public record CyclePlan(
    SourcePosition from,
    SourcePosition to,
    boolean reachedEnd,
    PollReport poll,
    SortedMap<City, BatchCounts> cities,
    int moved,
    SortedSet<City> unpublished) {

  /** Copies the collections. */
  public CyclePlan {
    cities = Collections.unmodifiableSortedMap(new TreeMap<>(cities));
    unpublished = Collections.unmodifiableSortedSet(new TreeSet<>(unpublished));
  }

  /** Whether the cycle would change nothing. */
  public boolean isEmpty() {
    return unpublished.isEmpty()
        && cities.values().stream().allMatch(counts -> counts.applied() == 0);
  }
}

package freshet.indexer.explain;

import freshet.replicator.explain.DocumentCopy;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.Generation;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was observed of one document.
 *
 * @param id its key, as people type it
 * @param row in the table
 * @param setAside why its row can't become a document, and what to do; null if it is not set aside
 * @param newest what LATEST names; null if nothing is published
 * @param copies of it there
 * @param paused by whom the whole master is, until when and why; null if it is not
 * @param pausedCities the same of cities that are by themselves
 * @param held cities that the publish gate, or a person, holds, and why
 * @param behind cities that did not go along with the last cycle, and why
 * @param slaves what they serve; null if nobody knows
 */
public record DocumentFacts(
    String id,
    Row row,
    @Nullable String setAside,
    @Nullable Generation newest,
    List<DocumentCopy> copies,
    @Nullable String paused,
    SortedMap<City, String> pausedCities,
    SortedMap<City, String> held,
    SortedMap<City, String> behind,
    @Nullable List<SlaveAt> slaves) {

  /** Copies the collections. */
  public DocumentFacts {
    copies = List.copyOf(copies);
    pausedCities = Collections.unmodifiableSortedMap(new TreeMap<>(pausedCities));
    held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
    behind = Collections.unmodifiableSortedMap(new TreeMap<>(behind));
    slaves = slaves == null ? null : List.copyOf(slaves);
  }

  /** What the table says. */
  public sealed interface Row {
    /**
     * It could not be asked.
     *
     * @param why not
     */
    record Unknown(String why) implements Row {}

    /**
     * No row has this key.
     *
     * @param isTombstoneUnread whether a tombstone names it that no published poll has read
     * @param deletedAt the version of its newest tombstone; null if none is left, or none are kept
     */
    record Missing(boolean isTombstoneUnread, @Nullable Instant deletedAt) implements Row {}

    /** There is a row, and it is not to be searched. */
    record NotSearchable() implements Row {}

    /** There is a row, and its city's name can be none, or is NULL. */
    record WithoutCity() implements Row {}

    /**
     * There is a row that is to be a document.
     *
     * @param city of it
     * @param version of it
     * @param isListed whether documents of that city are indexed
     * @param isRead whether what is published stands for a poll that had read that far
     * @param working the version in the working index; null if it is not there
     */
    record Searchable(
        City city, Instant version, boolean isListed, boolean isRead, @Nullable Instant working)
        implements Row {}
  }

  /**
   * A slave.
   *
   * @param name as it calls itself
   * @param generation that it serves; null for nothing
   * @param subset of the cities that it takes
   * @param paused by whom its pulls are, until when and why; null if they are not
   */
  public record SlaveAt(
      String name, @Nullable Generation generation, CitySubset subset, @Nullable String paused) {}
}

package freshet.indexer.rebuild;

import freshet.indexer.source.Change;
import freshet.indexer.table.Row;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.snapshot.City;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which cities are built anew. Pure.
 *
 * @param cities those; null if all are
 */
record Selection(@Nullable SortedSet<City> cities) {

  /** Copies. */
  Selection {
    cities = cities == null ? null : Collections.unmodifiableSortedSet(new TreeSet<>(cities));
  }

  boolean contains(City city) {
    return cities == null || cities.contains(city);
  }

  /** Whether everything that another one names is built anew by this one too. */
  boolean covers(Selection other) {
    return cities == null || (other.cities != null && cities.containsAll(other.cities));
  }

  /** The documents of a page that are to be indexed. */
  List<SourceDocument> documents(List<Row> page) {
    List<SourceDocument> documents = new ArrayList<>(page.size());
    for (Row row : page) {
      if (row instanceof Row.Found found && contains(found.document().city())) {
        documents.add(found.document());
      }
    }
    return documents;
  }

  /**
   * What changes of a poll mean to these cities: a document that is in another one now is not in
   * any of them, wherever it was before.
   */
  List<Change> changes(List<Change> changes) {
    if (cities == null) {
      return changes;
    }
    return changes.stream()
        .map(
            change ->
                change instanceof Change.Upsert upsert && !contains(upsert.document().city())
                    ? new Change.Deletion(upsert.key(), upsert.origin())
                    : change)
        .toList();
  }

  /** For people. */
  @Override
  public String toString() {
    if (cities == null) {
      return "all cities";
    }
    return (cities.size() == 1 ? "city " : "cities ")
        + String.join(", ", cities.stream().map(City::toString).toList());
  }
}

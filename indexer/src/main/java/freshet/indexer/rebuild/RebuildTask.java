package freshet.indexer.rebuild;

import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.City;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is to be built anew.
 *
 * @param cities those; null if all are
 * @param schema of the new indexes
 * @param definition the table and the fields that they are built by, as the text that is left in
 *     {@link RebuildFolder#definition()}
 */
public record RebuildTask(@Nullable SortedSet<City> cities, Digest schema, String definition) {

  /** Copies; at least one city. */
  public RebuildTask {
    if (cities != null && cities.isEmpty()) {
      throw new IllegalArgumentException("no city is to be built anew: expected one or more");
    }
    cities = cities == null ? null : Collections.unmodifiableSortedSet(new TreeSet<>(cities));
  }

  Selection selection() {
    return new Selection(cities);
  }
}

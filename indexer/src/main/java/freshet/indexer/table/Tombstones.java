package freshet.indexer.table;

import java.time.Duration;
import java.util.List;

/**
 * The table that says which rows were deleted. An index on (version, key columns) must exist.
 *
 * @param table its name
 * @param key the columns that hold the deleted row's key, in the order of the documents' key
 * @param version when it was deleted
 * @param keptFor how long a tombstone lives before it is purged
 */
public record Tombstones(String table, List<String> key, VersionColumn version, Duration keptFor) {

  /** Copies the list. */
  public Tombstones {
    key = List.copyOf(key);
    if (!keptFor.isPositive()) {
      throw new IllegalArgumentException(
          "tombstones of " + table + " are kept for " + keptFor + ": expected more than 0");
    }
  }
}

package freshet.indexer.diff;

import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import org.jspecify.annotations.Nullable;

/**
 * A document that is not in the index as its row is in the table.
 *
 * @param key of both
 * @param kind what differs
 * @param city where it is missing or outdated, or where it is found though it should not be
 * @param belongs the city that its row names; null if there is no row
 */
public record Difference(DocumentKey key, Kind kind, City city, @Nullable City belongs) {

  /** How they differ. */
  public enum Kind {
    /** There is a row, and no document in its city. */
    MISSING,
    /** There is a document and no row, or none that is to be searched. */
    GHOST,
    /** The document is in another city than its row. */
    WRONG_CITY,
    /** The document has another version than its row. */
    OUTDATED
  }

  /** Whether the document has to leave the city that it was found in. */
  boolean isInTheWay() {
    return kind == Kind.GHOST || kind == Kind.WRONG_CITY;
  }
}

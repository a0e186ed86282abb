package freshet.indexer.table;

import freshet.replicator.snapshot.DocumentKey;
import org.jspecify.annotations.Nullable;

/**
 * A row of the documents' table without its content.
 *
 * @param key its key
 * @param version in microseconds since 1970, by the column's own clock
 * @param isSearchable whether it is to be indexed; without a version it is not
 * @param city as the row has it, which need not be a city's name; null if it is NULL, and in a page
 *     of keys where a query of the user's yields it
 */
public record TableKey(
    DocumentKey key, long version, boolean isSearchable, @Nullable String city) {}

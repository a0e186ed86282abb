package freshet.indexer.table;

import freshet.replicator.snapshot.DocumentKey;

/**
 * A row of the documents' table without its content.
 *
 * @param key its key
 * @param version in microseconds since 1970, by the column's own clock
 * @param isSearchable whether it is to be indexed; without a version it is not
 */
public record TableKey(DocumentKey key, long version, boolean isSearchable) {}

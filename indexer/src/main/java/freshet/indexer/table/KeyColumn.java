package freshet.indexer.table;

import freshet.replicator.snapshot.KeyType;

/**
 * One column of the key.
 *
 * @param name of the column
 * @param type how it becomes bytes
 */
public record KeyColumn(String name, KeyType type) {}

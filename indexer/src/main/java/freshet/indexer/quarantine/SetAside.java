package freshet.indexer.quarantine;

import freshet.replicator.snapshot.DocumentKey;
import org.jspecify.annotations.Nullable;

/**
 * A row that can't become a document.
 *
 * @param key of the row; empty if a column of its key is NULL, so that it has no identity
 * @param id the key for people, as they type it
 * @param table where it is
 * @param version in microseconds since 1970 UTC; null if it has none
 * @param reason why it can't become a document
 * @param fix what to do about it
 */
public record SetAside(
    DocumentKey key, String id, String table, @Nullable Long version, String reason, String fix) {}

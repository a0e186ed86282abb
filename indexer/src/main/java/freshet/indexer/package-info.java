/**
 * What a master does: polls rows from a MySQL replica, routes them to cities, builds and merges
 * their Lucene indexes, and hands each commit to the replicator to publish.
 */
@NullMarked
package freshet.indexer;

import org.jspecify.annotations.NullMarked;

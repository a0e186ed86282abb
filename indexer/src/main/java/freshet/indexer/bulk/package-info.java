/**
 * Builds the indexes of many cities from the rows of a whole table: about as fast as raw Lucene, in
 * bounded memory, and so that a process that is killed goes on where it was.
 *
 * <p>In: pages of {@link freshet.indexer.table.SourceDocument}, of several ranges at once. Out: a
 * folder of working indexes, each with its first commit. Entry: {@link
 * freshet.indexer.bulk.BulkLoad}.
 *
 * <p>May import: {@code table}, {@code build}, {@code merge}; {@code snapshot}, {@code schema},
 * {@code files}, {@code runtime} of the replicator. Invariant: a page that {@code reached} tells is
 * in the spool or in the commits, and in no city twice.
 */
@NullMarked
package freshet.indexer.bulk;

import org.jspecify.annotations.NullMarked;

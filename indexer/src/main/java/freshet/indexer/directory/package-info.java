/**
 * How indexes are written to disk: as few bytes and as few syncs as a durable commit takes.
 *
 * <p>In: Lucene's directory of a folder. Out: one to write an index by, from {@link
 * freshet.indexer.directory.IndexDirectory}, the entry type.
 *
 * <p>May import: Lucene alone. Invariant: the content of whatever was synced is on disk.
 */
@NullMarked
package freshet.indexer.directory;

import org.jspecify.annotations.NullMarked;

/**
 * Tables as they are configured, the SQL that reads them, and what becomes of a row.
 *
 * <p>In: {@link freshet.indexer.table.TableSpec}. Out: pages of pairs and of {@link
 * freshet.indexer.table.Row}, by {@link freshet.indexer.table.PageReader}, the entry type.
 *
 * <p>May import: {@code session}, {@code quarantine}; {@code snapshot}, {@code schema} of the
 * replicator. Invariant: a page is one statement in a transaction of its own, and a row that can't
 * be read stops no other.
 */
@NullMarked
package freshet.indexer.table;

import org.jspecify.annotations.NullMarked;

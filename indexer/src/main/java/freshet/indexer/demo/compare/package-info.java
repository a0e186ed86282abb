/**
 * Whether a slave serves what the database holds: every document, every stored field, every word
 * that only one edit has put in.
 *
 * <p>In: the source's table, and a slave's HTTP search, nothing else of the slave. Out: {@link
 * freshet.indexer.demo.compare.Comparison}, the differences.
 *
 * <p>May import: {@code demo.data}, {@code demo.client}. Invariant: both sides are read as streams
 * ordered by id, so the size of the table does not matter.
 */
@NullMarked
package freshet.indexer.demo.compare;

import org.jspecify.annotations.NullMarked;

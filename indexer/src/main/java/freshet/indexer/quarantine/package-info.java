/**
 * Rows that can't become documents, kept with the reason until they can.
 *
 * <p>In: a row's key and what is wrong with it, by {@link
 * freshet.indexer.quarantine.QuarantineSink}, the entry type. Out: a file of JSON lines.
 *
 * <p>May import: {@code runtime} of the replicator. Invariant: what is set aside is on disk or in
 * the log when the call returns.
 */
@NullMarked
package freshet.indexer.quarantine;

import org.jspecify.annotations.NullMarked;

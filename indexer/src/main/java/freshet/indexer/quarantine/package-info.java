/**
 * Rows that can't become documents, kept with the reason until they can.
 *
 * <p>In: {@link freshet.indexer.quarantine.SetAside}, by {@link
 * freshet.indexer.quarantine.Quarantine}, the entry type; what operators ask, by {@link
 * freshet.indexer.quarantine.QuarantineRequests}. Out: a file of JSON lines, {@link
 * freshet.indexer.quarantine.QuarantineEntry}.
 *
 * <p>May import: {@code files}, {@code snapshot}, {@code runtime} of the replicator. Invariant:
 * what is set aside is in the log at once, and on disk when a poll ends.
 */
@NullMarked
package freshet.indexer.quarantine;

import org.jspecify.annotations.NullMarked;

/**
 * Reads what was deleted and changed in the database since a position, compares what that can't
 * show (sweep, id diff), and loses nothing.
 *
 * <p>In: {@link freshet.replicator.snapshot.SourcePosition}, {@link
 * freshet.indexer.source.OverlapWindow}. Out: {@link freshet.indexer.source.ChangeBatch}, by {@link
 * freshet.indexer.source.ChangeSource}, the entry type. {@link
 * freshet.indexer.session.SourceException} is its family of failures.
 *
 * <p>May import: {@code connect}, {@code session}, {@code table}, {@code quarantine}; {@code
 * snapshot}, {@code files}, {@code runtime} of the replicator. Invariant: a batch's position never
 * lies behind a row that the batch left out.
 */
@NullMarked
package freshet.indexer.source;

import org.jspecify.annotations.NullMarked;

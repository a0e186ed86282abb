/**
 * A conversation with one of several servers that hold the same data: which one, since when, how
 * often again, and what went wrong.
 *
 * <p>In: {@link freshet.indexer.session.SessionOptions}. Out: {@link
 * freshet.indexer.session.PollSession}, one for each poll, from {@link
 * freshet.indexer.session.Sessions}, the entry type. {@link
 * freshet.indexer.session.SourceException} is the family of failures.
 *
 * <p>May import: {@code connect}; {@code snapshot}, {@code runtime} of the replicator. Invariant:
 * nothing waits without a deadline, and no server is polled that lacks transactions which the given
 * position names.
 */
@NullMarked
package freshet.indexer.session;

import org.jspecify.annotations.NullMarked;

/**
 * Makes connections to a database within deadlines that hold against any peer: one that is silent,
 * one that trickles a byte a second, one whose name does not resolve.
 *
 * <p>In: {@link freshet.indexer.connect.Endpoint}, {@link freshet.indexer.connect.Credentials},
 * {@link freshet.indexer.connect.Tls}. Out: a JDBC connection with the time that each phase took
 * ({@link freshet.indexer.connect.Connected}), or {@link freshet.indexer.connect.ConnectFailure},
 * which names the phase. Entry type: {@link freshet.indexer.connect.Connector}.
 *
 * <p>May import: {@code runtime} of the replicator. Invariant: after a failure no socket is left
 * open.
 */
@NullMarked
package freshet.indexer.connect;

import org.jspecify.annotations.NullMarked;

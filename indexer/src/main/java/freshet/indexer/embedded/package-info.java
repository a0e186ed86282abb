/**
 * Real database servers that need no installation, no root and no container, for the demo and for
 * tests.
 *
 * <p>In: {@link freshet.indexer.embedded.ServerOptions} and a jar of server binaries on the class
 * path. Out: a running {@link freshet.indexer.embedded.DatabaseServer} with real accounts, row
 * based binary log and GTID; two of them make a {@link freshet.indexer.embedded.ReplicationPair}.
 * Entry: {@link freshet.indexer.embedded.EmbeddedMariaDb}. Imports {@code runtime} and {@code
 * files} of the replicator.
 *
 * <p>Invariant: no server outlives the JVM that started it, however that JVM ends.
 */
@NullMarked
package freshet.indexer.embedded;

import org.jspecify.annotations.NullMarked;

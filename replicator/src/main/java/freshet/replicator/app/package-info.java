/**
 * The slave's command line, and how its parts are put together.
 *
 * <p>In: arguments and conf/replicator.yaml. Out: {@link freshet.replicator.app.ReplicatorMain},
 * one class for each verb, {@link freshet.replicator.app.Slave}, the daemon.
 *
 * <p>May import: everything of the replicator; imported by nothing. Invariant: nothing is decided
 * here that a stage could decide.
 */
@NullMarked
package freshet.replicator.app;

import org.jspecify.annotations.NullMarked;

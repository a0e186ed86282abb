/**
 * How old what a slave serves is: an upper bound, honest when anything is idle, paused or dead.
 *
 * <p>In: what is served and as what it was advertised, readings of this host's clocks, an estimate
 * of the master's. Out: {@link freshet.replicator.freshness.AgeWatch} with its {@link
 * freshet.replicator.freshness.AgeReport}; {@link freshet.replicator.freshness.SlaveStatus}, what a
 * slave says of itself.
 *
 * <p>May import: {@code pause}, {@code snapshot}, {@code runtime}. Invariant: the reported age is
 * never below the true one, and between two looks it grows by at least what the monotonic clock
 * did.
 */
@NullMarked
package freshet.replicator.freshness;

import org.jspecify.annotations.NullMarked;

/**
 * The demo's master and slaves: separate processes, as an operator would run them.
 *
 * <p>In: a folder, the database to poll. Out: {@link freshet.indexer.demo.fleet.Fleet}, which
 * starts, kills, restarts and stops them, each by its process id; {@link
 * freshet.indexer.demo.fleet.FleetWatch}, what they say of themselves; {@link
 * freshet.indexer.demo.fleet.Sabotage}, which damages a slave's store.
 *
 * <p>May import: {@code demo.data}, {@code demo.client}, {@code embedded}, and of the replicator
 * what the snapshot format is made of. Invariant: no process outlives the JVM that started it.
 */
@NullMarked
package freshet.indexer.demo.fleet;

import org.jspecify.annotations.NullMarked;

/**
 * A standstill that a person asked for, and that ends by itself.
 *
 * <p>In: a {@link freshet.replicator.pause.Pause} from any process. Out: a file of the repository
 * or store, which the daemon and the verbs that cron runs go by. Entry: {@link
 * freshet.replicator.pause.PauseFolder}; a daemon looks through {@link
 * freshet.replicator.pause.PauseWatch}. A slave's paused cities are {@linkplain
 * freshet.replicator.pause.FrozenCity frozen}, and {@link freshet.replicator.pause.ShownCities}
 * decides what queries see of each.
 *
 * <p>May import: {@code snapshot}, {@code files}, {@code runtime}. Invariant: no pause lasts for
 * longer than {@link freshet.replicator.pause.Pause#LONGEST} after it was asked for.
 */
@NullMarked
package freshet.replicator.pause;

import org.jspecify.annotations.NullMarked;

/**
 * Builds cities anew beside the working indexes: reads the table in ranges, catches up with what
 * changed meanwhile, and leaves the result for the master to switch to in one step.
 *
 * <p>In: {@link freshet.indexer.rebuild.RebuildTask}, and the stages that it works with. Out:
 * {@link freshet.indexer.rebuild.RebuildState} READY in its {@link
 * freshet.indexer.rebuild.RebuildFolder}, by {@link freshet.indexer.rebuild.Rebuild}, the entry
 * type.
 *
 * <p>May import: {@code scan}, {@code bulk}, {@code source}, {@code route}, {@code build}; {@code
 * snapshot}, {@code files}, {@code runtime} of the replicator. Invariant: nothing outside of its
 * folder is touched, and the state is a file, so that a process that is killed goes on.
 */
@NullMarked
package freshet.indexer.rebuild;

import org.jspecify.annotations.NullMarked;

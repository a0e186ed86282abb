/**
 * Builds cities anew beside the serving index: reads the table in ranges, catches up with what
 * changed meanwhile, and leaves the result for the master to switch to in one step. The state is a
 * file, so that a process that is killed goes on.
 */
@NullMarked
package freshet.indexer.rebuild;

import org.jspecify.annotations.NullMarked;

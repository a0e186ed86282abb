/**
 * Measures the way from the database to the published snapshot: rebuilds, increments, what they
 * write, idle cycles, start-up; beside Sphinx where it is installed.
 *
 * <p>In: {@link freshet.indexer.benchmark.build.BuildCommand}, the entry type. Out: figures with
 * their targets; the tables, peers and checks that {@code replicate} measures with too.
 *
 * <p>May import: what it measures, {@code embedded}, the demo's listings; imported by {@code
 * benchmark} and its other parts. Invariant: what is compared was measured in the same run, in
 * turns, and no figure is told of an index whose content is not that of the table.
 */
@NullMarked
package freshet.indexer.benchmark.build;

import org.jspecify.annotations.NullMarked;

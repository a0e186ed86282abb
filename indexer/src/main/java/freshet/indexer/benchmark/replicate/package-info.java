/**
 * Measures the way from the published snapshot to the slaves: bytes on the wire, pulls, first
 * syncs, the time from the database's commit to a slave, clones beside the master's connections;
 * beside rsync and Sphinx where they are installed.
 *
 * <p>In: arguments of {@code bin/benchmark replicate}. Out: figures with their targets, by {@link
 * freshet.indexer.benchmark.replicate.ReplicateCommand}, the entry type.
 *
 * <p>May import: what it measures, {@code embedded}, tables, peers and checks of {@code
 * benchmark.build}; imported by {@code benchmark} alone. Invariant: every file that a slave has was
 * compared with its digest, and in the end what it serves is what the table holds.
 */
@NullMarked
package freshet.indexer.benchmark.replicate;

import org.jspecify.annotations.NullMarked;

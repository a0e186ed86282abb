/**
 * Measures what a slave fetches for what changed.
 *
 * <p>In: arguments of {@code bin/benchmark replicate}. Out: figures, by {@link
 * freshet.indexer.benchmark.replicate.ReplicateCommand}, the entry type. Invariant: every file that
 * a slave has was compared with its digest, and in the end its snapshot is the master's.
 */
@NullMarked
package freshet.indexer.benchmark.replicate;

import org.jspecify.annotations.NullMarked;

/**
 * Measures stages of the master against an embedded database, for docs/benchmarks.md.
 *
 * <p>In: arguments of {@code bin/benchmark}. Out: figures, by {@link
 * freshet.indexer.benchmark.BenchmarkMain}, the entry type.
 *
 * <p>May import: the stages that it measures, and {@code embedded}; imported by nothing. Invariant:
 * what is compared was measured in the same run, in turns.
 */
@NullMarked
package freshet.indexer.benchmark;

import org.jspecify.annotations.NullMarked;

/**
 * Looks whether live servers are as the configuration and a poll need them.
 *
 * <p>In: {@link freshet.indexer.source.SourceOptions}. Out: a {@link
 * freshet.indexer.check.CheckedSource} with its {@link freshet.indexer.source.Finding}s, by {@link
 * freshet.indexer.check.ConfigCheck}, the entry type. How a query runs is asked by EXPLAIN; where a
 * statement puts a finding right, it is printed so that it can be run.
 *
 * <p>May import: {@code connect}, {@code session}, {@code table}, {@code source}; {@code snapshot},
 * {@code runtime} of the replicator. Invariant: it reads and changes nothing.
 */
@NullMarked
package freshet.indexer.check;

import org.jspecify.annotations.NullMarked;

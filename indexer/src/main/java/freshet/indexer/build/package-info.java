/**
 * The working indexes: one Lucene index for each city, changed in batches.
 *
 * <p>In: {@link freshet.indexer.route.CityBatch}. Out: for each city a {@link
 * freshet.indexer.build.CityOutcome}, with a {@link freshet.replicator.publish.CityCommit} where
 * something changed. Entry: {@link freshet.indexer.build.CityIndexes}. {@link
 * freshet.indexer.build.BuildException} is its family of failures.
 *
 * <p>May import: {@code route}, {@code source}, {@code merge}; {@code snapshot}, {@code schema},
 * {@code publish} (its input only), {@code runtime}, {@code files} of the replicator. Invariant: a
 * commit holds a whole batch and the position that belongs to it, or nothing of both.
 */
@NullMarked
package freshet.indexer.build;

import org.jspecify.annotations.NullMarked;

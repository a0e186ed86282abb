/**
 * Ids of the table and of the published indexes side by side, city by city, beside a master that
 * goes on.
 *
 * <p>In: the table, by {@link freshet.indexer.diff.TableKeys}; the snapshot that LATEST names, by
 * {@link freshet.indexer.diff.PublishedIndex}. Out: {@link freshet.indexer.diff.DiffReport}, by
 * {@link freshet.indexer.diff.CityDiff}, the entry type; what is to be put right is asked of the
 * next poll, by {@link freshet.indexer.diff.Repair}.
 *
 * <p>May import: {@code table}, {@code session}, {@code source}, {@code route}, {@code quarantine};
 * {@code repository}, {@code swap}, {@code snapshot}, {@code schema}, {@code runtime} of the
 * replicator. Invariant: nothing is reported that a second look, after a cycle that began since,
 * did not find again.
 */
@NullMarked
package freshet.indexer.diff;

import org.jspecify.annotations.NullMarked;

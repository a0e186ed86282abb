/**
 * When and where segments of a working index are merged, so that no fresh commit ever waits for it.
 *
 * <p>In: an index, as a job; a budget. Out: {@link freshet.indexer.merge.MergeQueue}, which decides
 * by {@code MergeRule} whose merge runs, pauses or waits; {@link
 * freshet.indexer.merge.IndexMerges}, which makes an index writer merge in its turn and at no other
 * time; {@link freshet.indexer.merge.MergeFigures}, what all of them do.
 *
 * <p>May import: {@code snapshot}, {@code files}, {@code runtime}. Invariant: no flush and no
 * commit starts a merge or is held to its budget.
 */
@NullMarked
package freshet.indexer.merge;

import org.jspecify.annotations.NullMarked;

/**
 * When and where segments of a working index are merged, so that no fresh commit ever waits for it.
 *
 * <p>In: a city's index writer, as a job. Out: {@link freshet.indexer.merge.OnRequestMergePolicy},
 * which merges when asked to and at no other time; {@link freshet.indexer.merge.MergeQueue}, the
 * background threads that ask; {@link freshet.indexer.merge.MergeOptions}.
 *
 * <p>May import: {@code runtime}. Invariant: no flush and no commit starts a merge.
 */
@NullMarked
package freshet.indexer.merge;

import org.jspecify.annotations.NullMarked;

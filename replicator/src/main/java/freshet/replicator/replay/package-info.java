/**
 * Lucene's merges made again, byte for byte.
 *
 * <p>In: a {@link freshet.replicator.snapshot.MergeRecipe} and the files of the segments that were
 * merged. Out: the merged segment's files, from {@link freshet.replicator.replay.MergeReplayer},
 * the entry type; {@link freshet.replicator.replay.MergeCodec}, by which both sides know whether
 * their bytes can be the same.
 *
 * <p>May import: {@code snapshot}, {@code files}, Lucene. Invariant: nothing outside of the folder
 * that it is given is written.
 */
@NullMarked
package freshet.replicator.replay;

import org.jspecify.annotations.NullMarked;

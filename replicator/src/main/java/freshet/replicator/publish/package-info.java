/**
 * Makes a snapshot of cities' commits and advertises it, so that a reader sees the old one or the
 * new one, whole.
 *
 * <p>In: {@link freshet.replicator.publish.PublishRequest} (cities' Lucene commits, the position,
 * the claim of freshness). Out: files in a repository, {@link
 * freshet.replicator.publish.PublishReport}. Entry: {@link
 * freshet.replicator.publish.SnapshotPublisher}.
 *
 * <p>May import: {@code gate}, {@code repository}, {@code snapshot}, {@code files}, {@code
 * runtime}. Invariant: LATEST moves last, under a lock, only by the holder of the highest epoch,
 * and only from what this publisher itself wrote there.
 */
@NullMarked
package freshet.replicator.publish;

import org.jspecify.annotations.NullMarked;

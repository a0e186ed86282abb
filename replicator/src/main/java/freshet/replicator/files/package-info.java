/**
 * What touches the disk with a promise: durable writes, digests, locks, free space.
 *
 * <p>In: bytes and paths. Out: {@link freshet.replicator.files.DurableFiles}, the one place through
 * which durable files are written, linked and removed; {@link freshet.replicator.files.Digest};
 * {@link freshet.replicator.files.ProcessLock}; {@link freshet.replicator.files.DiskSpace}; {@link
 * freshet.replicator.files.SmallReads}, by which Lucene reads small files.
 *
 * <p>May import: {@code runtime}. Invariant: a file under its final name is complete and survives
 * loss of power; what is half-written carries a temporary name that the next start removes.
 */
@NullMarked
package freshet.replicator.files;

import org.jspecify.annotations.NullMarked;

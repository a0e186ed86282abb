/**
 * One snapshot as one file: a {@code .tar.zst} whose members are a repository.
 *
 * <p>In: a repository, or an archive from anywhere. Out: {@link
 * freshet.replicator.archive.SnapshotExport}, which writes an archive; {@link
 * freshet.replicator.archive.SnapshotImport}, which makes a repository of one.
 *
 * <p>May import: {@code lease}, {@code repository}, {@code snapshot}, {@code files}, {@code
 * runtime}. Invariant: a member is taken because something before it named it, with its length and
 * digest; its own name is only compared, and never becomes a path.
 */
@NullMarked
package freshet.replicator.archive;

import org.jspecify.annotations.NullMarked;

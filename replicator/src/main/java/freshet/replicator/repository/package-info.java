/**
 * A repository in a folder of this host, read and written file by file: a master's own, and a
 * slave's store, which has the same layout.
 *
 * <p>In: bytes on disk. Out: {@link freshet.replicator.repository.LocalRepository}, which reads
 * LATEST, resolves a snapshot over its bases and checks every digest on the way, and writes
 * manifests and LATEST durably; {@link freshet.replicator.repository.RepositoryCollector}, which
 * removes what retention lets go.
 *
 * <p>May import: {@code lease}, {@code pause}, {@code snapshot}, {@code files}, {@code runtime}.
 * Invariant: what it returns was verified against the digest that named it.
 */
@NullMarked
package freshet.replicator.repository;

import org.jspecify.annotations.NullMarked;

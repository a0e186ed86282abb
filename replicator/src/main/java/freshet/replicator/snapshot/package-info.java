/**
 * The format as data: what master and slaves tell each other, and nothing that does I/O.
 *
 * <p>In: values. Out: {@link freshet.replicator.snapshot.Advertisement} (the pointer LATEST),
 * {@link freshet.replicator.snapshot.SnapshotManifest}, {@link
 * freshet.replicator.snapshot.CityManifest}, {@link freshet.replicator.snapshot.IndexSchema};
 * {@link freshet.replicator.snapshot.SnapshotCodec}, their JSON; {@link
 * freshet.replicator.snapshot.RepositoryLayout}, all path arithmetic.
 *
 * <p>May import: {@code files} (digests). Invariant: this package alone is the contract between the
 * publishing and the pulling side; docs/snapshot-format.md describes it.
 */
@NullMarked
package freshet.replicator.snapshot;

import org.jspecify.annotations.NullMarked;

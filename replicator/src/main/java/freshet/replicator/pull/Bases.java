package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotManifest;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Resolves a snapshot over the snapshots that it changes. */
final class Bases {
  private static final int MAX_BASES = 10_000;

  /** Where manifests come from, verified. */
  interface Manifests {
    SnapshotManifest read(Generation generation, Digest digest) throws IOException, PullException;
  }

  private Bases() {}

  /**
   * The snapshot of a pointer.
   *
   * @param known one where the walk may end; null for none
   * @param address of the remote, for messages
   */
  static Snapshot resolve(
      Advertisement pointer, @Nullable Snapshot known, Manifests manifests, String address)
      throws IOException, PullException {
    Deque<SnapshotManifest> changes = new ArrayDeque<>();
    Deque<Digest> digests = new ArrayDeque<>();
    Generation at = pointer.generation();
    Digest wanted = pointer.manifest();
    Snapshot base = known;
    while (base == null || !base.generation().equals(at) || !base.manifestDigest().equals(wanted)) {
      SnapshotManifest manifest = manifests.read(at, wanted);
      if (!manifest.repository().equals(pointer.repository())
          || !manifest.generation().equals(at)
          || changes.size() >= MAX_BASES) {
        throw new PullException.Damaged(
            "%s of %s: it is not the manifest that it is named as"
                .formatted(RepositoryLayout.snapshotName(at), address),
            null);
      }
      changes.push(manifest);
      digests.push(wanted);
      if (manifest.base() == null || manifest.baseManifest() == null) {
        base = Snapshot.full(changes.pop(), digests.pop());
        break;
      }
      at = manifest.base();
      wanted = manifest.baseManifest();
    }
    Snapshot snapshot = base;
    while (!changes.isEmpty()) {
      snapshot = snapshot.with(changes.pop(), digests.pop());
    }
    return snapshot;
  }
}

package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import freshet.replicator.remote.RemoteException;
import freshet.replicator.remote.RemotePointer;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.PointerCodec;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * What a remote offers at this moment, looked at and not pulled.
 *
 * @param pointer its LATEST
 * @param snapshot that it names
 */
public record RemoteOffer(Advertisement pointer, Snapshot snapshot) {
  /** Each question has deadlines of its own; after this time no further one is asked. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /**
   * Asks.
   *
   * @return empty if nothing was published there yet
   * @throws IOException if it does not answer, or not as a repository does
   * @throws PullException if what it says is damaged
   */
  public static Optional<RemoteOffer> ask(RemoteRepository remote, Time time)
      throws IOException, PullException {
    long start = time.nanoTime();
    if (!(remote.latest(null, Duration.ZERO) instanceof RemotePointer.Offered offered)) {
      return Optional.empty();
    }
    Advertisement pointer =
        PointerCodec.read(
            offered.json().getBytes(StandardCharsets.UTF_8), "LATEST of " + remote.address());
    Snapshot snapshot =
        Bases.resolve(
            pointer,
            null,
            (generation, digest) -> {
              if (time.since(start).compareTo(PATIENCE) > 0) {
                throw new RemoteException.Stalled(
                    "%s has not told its cities within %d s"
                        .formatted(remote.address(), PATIENCE.toSeconds()));
              }
              return manifest(remote, generation, digest);
            },
            remote.address());
    return Optional.of(new RemoteOffer(pointer, snapshot));
  }

  private static SnapshotManifest manifest(
      RemoteRepository remote, Generation generation, Digest digest)
      throws IOException, PullException {
    String name = RepositoryLayout.snapshotName(generation);
    byte[] bytes = remote.small(name, RemoteCatalog.MAX_MANIFEST_BYTES);
    if (!Digest.of(bytes).equals(digest)) {
      throw new PullException.Damaged(
          "%s of %s has another digest than what names it says".formatted(name, remote.address()),
          null);
    }
    return SnapshotCodec.read(bytes, SnapshotManifest.class, name + " of " + remote.address());
  }
}

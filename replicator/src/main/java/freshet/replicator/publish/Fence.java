package freshet.replicator.publish;

import freshet.replicator.files.Digest;
import freshet.replicator.files.ProcessLock;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.repository.RepositoryBusyException;
import freshet.replicator.repository.RepositoryLock;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.PointerCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * Stands before every move of LATEST and before every collection, which would take for left over
 * what another master has just begun to publish: they happen only while this master's epoch is the
 * highest, and only from the bytes that this master put into LATEST. The check and what follows
 * happen under the repository's lock, so that of two masters on one host, or on a file system whose
 * locks reach all hosts, one loses. Not thread-safe: its publisher calls it under its own lock.
 */
final class Fence {

  private final LocalRepository repository;
  private final Time time;
  private final long epoch;

  /** What this master knows to be in LATEST; null for no file. */
  private @Nullable Digest known;

  /** What it tried to put there without learning whether that took effect. */
  private @Nullable Digest attempted;

  Fence(LocalRepository repository, Time time, long epoch, @Nullable Digest known) {
    this.repository = repository;
    this.time = time;
    this.epoch = epoch;
    this.known = known;
  }

  /** Something that is done under the repository's lock. */
  interface Guarded {
    void run() throws IOException, PublishException;
  }

  /** Takes the repository's lock, waiting a little, and runs this. */
  static void locked(LocalRepository repository, Time time, Guarded body)
      throws IOException, PublishException {
    ProcessLock lock;
    try {
      lock = RepositoryLock.take(repository, "publisher", time);
    } catch (RepositoryBusyException e) {
      throw new PublishException.Busy(String.valueOf(e.getMessage()));
    }
    try (lock) {
      body.run();
    }
  }

  /**
   * Whether the move whose outcome was unknown did take effect.
   *
   * @throws PublishException if LATEST is neither what it was nor what it was to become
   */
  boolean settle() throws IOException, PublishException {
    Digest open = attempted;
    checkUnlocked();
    attempted = null;
    return open != null && open.equals(known);
  }

  /** Moves LATEST, durably. */
  void move(Advertisement advertisement) throws IOException, PublishException {
    asMaster(
        () -> {
          attempted = Digest.of(PointerCodec.write(advertisement));
          repository.advertise(advertisement);
          known = attempted;
          attempted = null;
        });
  }

  /** Runs this under the repository's lock, and only while this master is still the one. */
  void asMaster(Guarded body) throws IOException, PublishException {
    locked(
        repository,
        time,
        () -> {
          checkUnlocked();
          body.run();
        });
  }

  private void checkUnlocked() throws IOException, PublishException {
    long highest = Epochs.highest(repository.layout());
    if (highest > epoch) {
      throw new PublishException.Fenced(
          "%s: epoch %d was taken by another master, this one holds %d and stops publishing; %s"
              .formatted(repository.layout().root(), highest, epoch, TAKEOVER_HINT));
    }
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(repository.layout().latest());
    } catch (NoSuchFileException e) {
      if (known == null) {
        return;
      }
      throw new PublishException.Replaced(
          "%s is gone, this master had written it: the repository was deleted; a restart takes a new epoch and publishes all cities again"
              .formatted(repository.layout().latest()));
    }
    Digest found = Digest.of(bytes);
    if (found.equals(known)) {
      return;
    }
    if (found.equals(attempted)) {
      known = found;
      return;
    }
    throw foreign(bytes);
  }

  static final String TAKEOVER_HINT =
      "if this one shall be the master, stop the other and run here: bin/indexer takeover";

  private PublishException foreign(byte[] bytes) {
    String file = repository.layout().latest().toString();
    Advertisement found;
    try {
      found = PointerCodec.read(bytes, file);
    } catch (FormatException e) {
      return new PublishException.Damaged(
          "%s; this master did not write that. Bring the file back from a copy, or publish all cities again under a new epoch with: bin/indexer takeover"
              .formatted(e.getMessage()),
          e);
    }
    if (found.generation().epoch() < epoch) {
      return new PublishException.Replaced(
          "%s names %s of an older epoch than this master's %d: the repository was restored; a restart takes a new epoch"
              .formatted(file, found.generation(), epoch));
    }
    return new PublishException.Fenced(
        "%s names %s and is not what this master (epoch %d) wrote last: another one publishes here, and this one stops; %s"
            .formatted(file, found.generation(), epoch, TAKEOVER_HINT));
  }
}

package freshet.replicator.publish;

import freshet.replicator.files.Digest;
import freshet.replicator.files.ProcessLock;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.PointerCodec;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before every move of LATEST: it moves only while this master's epoch is the highest, and
 * only from the bytes that this master put there. The check and the move happen under the
 * repository's lock, so that of two masters on one host, or on a file system whose locks reach all
 * hosts, one loses. Not thread-safe: its publisher calls it under its own lock.
 */
final class Fence {
  private static final Logger LOG = LoggerFactory.getLogger(Fence.class);
  private static final Duration LOCK_WAIT = Duration.ofSeconds(20);
  private static final Duration LOCK_RETRY = Duration.ofMillis(5);

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
    Deadline deadline = Deadline.after(time, LOCK_WAIT);
    while (true) {
      String self = "publisher, process " + ProcessHandle.current().pid();
      switch (ProcessLock.tryTake(repository.layout().lock(), self)) {
        case ProcessLock.Attempt.Taken taken -> {
          try {
            body.run();
            return;
          } finally {
            taken.lock().close();
          }
        }
        case ProcessLock.Attempt.Held held -> pause(repository, time, deadline, held.holder());
      }
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
    locked(
        repository,
        time,
        () -> {
          checkUnlocked();
          attempted = Digest.of(PointerCodec.write(advertisement));
          repository.advertise(advertisement);
          known = attempted;
          attempted = null;
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

  private static void pause(LocalRepository repository, Time time, Deadline deadline, String holder)
      throws PublishException {
    RepositoryLayout layout = repository.layout();
    if (deadline.isPast()) {
      throw new PublishException.Busy(
          "%s: its lock %s is held by '%s' for more than %d s; if that process hangs, end it"
              .formatted(layout.root(), layout.lock(), holder, LOCK_WAIT.toSeconds()));
    }
    try {
      time.sleep(LOCK_RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.info("interrupted while waiting for {}", layout.lock());
      throw new PublishException.Busy(layout.lock() + ": interrupted while waiting for it");
    }
  }
}

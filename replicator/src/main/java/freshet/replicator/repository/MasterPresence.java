package freshet.replicator.repository;

import freshet.replicator.files.ProcessLock;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says that a master works on a repository, for as long as its process lives: it holds a lock that
 * the operating system releases. Two masters keep off each other by their epochs, not by this; it
 * is for those who would act where no master does. Not thread-safe.
 */
public final class MasterPresence implements AutoCloseable {
  private final LocalRepository repository;
  private @Nullable ProcessLock lock;

  private MasterPresence(LocalRepository repository) {
    this.repository = repository;
  }

  /** Says so from now on. The caller has the repository's lock. */
  public static MasterPresence announce(LocalRepository repository) throws IOException {
    MasterPresence presence = new MasterPresence(repository);
    presence.renew();
    return presence;
  }

  /** Says so again where another master has said it first, and may have ended since. */
  public void renew() throws IOException {
    if (lock == null
        && ProcessLock.tryTake(
                repository.layout().masterLock(),
                "a master, process " + ProcessHandle.current().pid())
            instanceof ProcessLock.Attempt.Taken taken) {
      lock = taken.lock();
    }
  }

  /**
   * The master that works on a repository; empty if none does. That stays so for as long as the
   * caller has the repository's lock.
   */
  public static Optional<String> of(LocalRepository repository) throws IOException {
    return switch (ProcessLock.tryTake(repository.layout().masterLock(), "a look")) {
      case ProcessLock.Attempt.Held held -> Optional.of(held.holder());
      case ProcessLock.Attempt.Taken taken -> {
        taken.lock().close();
        yield Optional.empty();
      }
    };
  }

  @Override
  public void close() throws IOException {
    ProcessLock held = lock;
    lock = null;
    if (held != null) {
      held.close();
    }
  }
}

package freshet.replicator.repository;

import freshet.replicator.files.ProcessLock;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.time.Duration;

/**
 * The lock under which LATEST moves, a master starts and ends, files are collected, and what people
 * decide about a repository is written. Held for moments, so that it is waited for.
 */
public final class RepositoryLock {
  private static final Duration WAIT = Duration.ofSeconds(20);
  private static final Duration RETRY = Duration.ofMillis(5);

  private RepositoryLock() {}

  /**
   * Takes the lock, waiting a little.
   *
   * @param who takes it, for those who wait
   * @throws RepositoryBusyException if it is not to be had
   */
  public static ProcessLock take(LocalRepository repository, String who, Time time)
      throws IOException {
    RepositoryLayout layout = repository.layout();
    Deadline deadline = Deadline.after(time, WAIT);
    String self = "%s, process %d".formatted(who, ProcessHandle.current().pid());
    while (true) {
      switch (ProcessLock.tryTake(layout.lock(), self)) {
        case ProcessLock.Attempt.Taken taken -> {
          return taken.lock();
        }
        case ProcessLock.Attempt.Held held -> pause(layout, time, deadline, held.holder());
      }
    }
  }

  private static void pause(RepositoryLayout layout, Time time, Deadline deadline, String holder)
      throws RepositoryBusyException {
    if (deadline.isPast()) {
      throw new RepositoryBusyException(
          "%s: its lock %s is held by '%s' for more than %d s; if that process hangs, end it"
              .formatted(layout.root(), layout.lock(), holder, WAIT.toSeconds()));
    }
    try {
      time.sleep(RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RepositoryBusyException(layout.lock() + ": interrupted while waiting for it");
    }
  }
}

package freshet.replicator.repository;

import java.io.IOException;

/** Another process holds a repository's lock for longer than it should. */
public final class RepositoryBusyException extends IOException {
  private static final long serialVersionUID = 1L;

  RepositoryBusyException(String message) {
    super(message);
  }
}

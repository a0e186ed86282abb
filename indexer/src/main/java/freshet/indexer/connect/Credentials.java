package freshet.indexer.connect;

import java.util.function.Supplier;

/**
 * An account.
 *
 * @param user its name
 * @param password asked for at every connect, so that a changed secret is picked up; throws {@link
 *     java.io.UncheckedIOException} if it can't be had
 */
public record Credentials(String user, Supplier<String> password) {

  /** Refuses an empty user name. */
  public Credentials {
    if (user.isEmpty()) {
      throw new IllegalArgumentException("the database user is empty");
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return user;
  }
}

package freshet.replicator.serve;

import java.time.Duration;

/**
 * Hears how long handshakes with the database take, which share host and network with what is
 * served, and says when it needs to hear of another. Thread-safe; all but {@link #awaitWanted} are
 * short, and none throws.
 */
public interface HandshakeWatch {
  /**
   * Waits until one should be measured: often while it is felt out how fast slaves can be sent
   * something, once a second while they are, else now and then.
   *
   * @param atMost how long to wait
   * @return whether one should
   */
  boolean awaitWanted(Duration atMost) throws InterruptedException;

  /** One that was wanted begins to connect. Whatever becomes of it, {@link #ended} follows. */
  void begins();

  /** The one that was wanted took that long. */
  void took(Handshake handshake);

  /** One failed, or ran out of its time, wanted or not. */
  void failed();

  /** The one that was wanted has ended. If it said nothing before, it says nothing of the way. */
  void ended();
}

package freshet.indexer.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;

/**
 * Finds a port for a server that may be stopped and started again. It is below the range from which
 * Linux takes the ports of outgoing connections (32768 and up): while the server is down, a client
 * that keeps connecting could otherwise be given the port, or even connect to itself.
 */
public final class FreePorts {
  private static final int LOWEST = 20_000;
  private static final int COUNT = 12_000;

  private FreePorts() {}

  /** A port that was free on 127.0.0.1 a moment ago; another process may still be faster. */
  public static int find() {
    int start = new SecureRandom().nextInt(COUNT);
    for (int step = 0; step < COUNT; step++) {
      int port = LOWEST + (start + step) % COUNT;
      if (isFree(port)) {
        return port;
      }
    }
    throw new EmbeddedDatabaseException(
        "no free port on 127.0.0.1 from " + LOWEST + " to " + (LOWEST + COUNT - 1));
  }

  private static boolean isFree(int port) {
    byte[] loopback = {127, 0, 0, 1};
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getByAddress(loopback))) {
      return probe.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}

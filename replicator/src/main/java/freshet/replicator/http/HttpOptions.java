package freshet.replicator.http;

import java.time.Duration;

/**
 * Where and within which bounds to serve.
 *
 * @param host to bind to, such as 127.0.0.1 or 0.0.0.0
 * @param port to bind to; 0 takes a free one
 * @param threads of the server's own pool, which only accepts and parses; at least 4
 * @param maxAtWork requests that are answered at one time
 * @param maxWaiting long polls that wait at one time, beside those
 * @param maxConnections open connections
 * @param slowest that a peer may be which takes an answer or sends a body
 * @param idleTimeout after which a connection ends on which nothing moves, or no request comes
 *     whole
 * @param stopTimeout how long a stop lets requests at work finish
 */
public record HttpOptions(
    String host,
    int port,
    int threads,
    int maxAtWork,
    int maxWaiting,
    int maxConnections,
    SlowestPeer slowest,
    Duration idleTimeout,
    Duration stopTimeout) {
  private static final int MIN_THREADS = 4;

  /** Checks the ranges. */
  public HttpOptions {
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("a port is between 0 and 65535, not " + port);
    }
    if (threads < MIN_THREADS || maxAtWork < 1 || maxWaiting < 1 || maxConnections < 1) {
      throw new IllegalArgumentException(
          "at least 4 threads and 1 of everything else, not "
              + threads
              + " threads, "
              + maxAtWork
              + " at work, "
              + maxWaiting
              + " waiting, "
              + maxConnections
              + " connections");
    }
    if (!idleTimeout.isPositive() || stopTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "time-outs are finite: idle " + idleTimeout + ", stop " + stopTimeout);
    }
  }

  /** The defaults at this address: 8 threads, 256 at work, 1,024 waiting, 2,048 connections. */
  public static HttpOptions at(String host, int port) {
    return new HttpOptions(
        host,
        port,
        8,
        256,
        1024,
        2048,
        SlowestPeer.DEFAULT,
        Duration.ofSeconds(90),
        Duration.ofSeconds(2));
  }
}

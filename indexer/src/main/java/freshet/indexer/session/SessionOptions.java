package freshet.indexer.session;

import freshet.indexer.connect.Credentials;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.connect.Tls;
import java.time.Duration;
import java.util.List;

/**
 * Which servers are asked, and how patiently.
 *
 * @param endpoints servers that hold the same data, the preferred one first
 * @param database the default database
 * @param credentials the account
 * @param tls what is asked of the encryption
 * @param lag how to learn how far the server is behind
 * @param timeouts deadlines
 * @param retry how failures that may pass are repeated
 * @param maxAge after which a connection is replaced
 * @param maxLag a server that is further behind is polled only if no other is less so
 * @param maxConcurrentConnects that this process makes at one time
 */
public record SessionOptions(
    List<Endpoint> endpoints,
    String database,
    Credentials credentials,
    Tls tls,
    LagSource lag,
    Timeouts timeouts,
    RetryOptions retry,
    Duration maxAge,
    Duration maxLag,
    int maxConcurrentConnects) {
  /** After which a connection is replaced, if nothing else is configured. */
  public static final Duration DEFAULT_MAX_AGE = Duration.ofMinutes(10);

  /** How far a server may be behind, if nothing else is configured. */
  public static final Duration DEFAULT_MAX_LAG = Duration.ofSeconds(60);

  /** A burst of connects is itself a reason why handshakes get lost. */
  public static final int DEFAULT_CONCURRENT_CONNECTS = 4;

  /** Copies the list; at least one endpoint, a positive age. */
  public SessionOptions {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("no database server is given");
    }
    if (!maxAge.isPositive()) {
      throw new IllegalArgumentException(
          "a connection's greatest age is " + maxAge + ": expected more than 0");
    }
    if (!maxLag.isPositive()) {
      throw new IllegalArgumentException(
          "the greatest lag is " + maxLag + ": expected more than 0, for no replica has none");
    }
    if (maxConcurrentConnects < 1) {
      throw new IllegalArgumentException(
          maxConcurrentConnects + " connects at one time: expected 1 or more");
    }
  }
}

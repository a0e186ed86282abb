package freshet.indexer.connect;

/**
 * Where a database server listens.
 *
 * @param host name or address
 * @param port from 1 to 65535
 */
public record Endpoint(String host, int port) {

  /** Refuses an empty host and a port that TCP does not have. */
  public Endpoint {
    if (host.isBlank()) {
      throw new IllegalArgumentException("the host of a database is empty");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " of " + host + ": expected 1 to 65535");
    }
  }

  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}

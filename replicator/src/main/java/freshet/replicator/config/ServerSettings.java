package freshet.replicator.config;

/**
 * How a daemon serves HTTP.
 *
 * @param listen where
 * @param maxRequests that are answered at one time
 * @param maxLongPolls that wait at one time, beside those
 * @param maxConnections that are open at one time
 */
public record ServerSettings(
    ListenAddress listen, int maxRequests, int maxLongPolls, int maxConnections) {
  private static final int MOST = 1_000_000;

  /** Reads the section {@code server}. */
  public static Made<ServerSettings> read(ConfigSection section, String defaultListen) {
    ListenAddress listen =
        section.parsed(
            "listen",
            defaultListen,
            "host:port is expected",
            new ListenAddress("127.0.0.1", 0),
            ListenAddress::parse);
    int requests = section.number("max_requests", 256, 1, MOST);
    int polls = section.number("max_long_polls", 1024, 1, MOST);
    int connections = section.number("max_connections", 2048, 1, MOST);
    return section.make(() -> new ServerSettings(listen, requests, polls, connections));
  }
}

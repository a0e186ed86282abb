package freshet.replicator.config;

/**
 * How a daemon serves HTTP.
 *
 * @param listen where
 * @param maxThreads bound of its threads
 */
public record ServerSettings(ListenAddress listen, int maxThreads) {
  private static final int DEFAULT_THREADS = 64;
  private static final int LEAST_THREADS = 8;
  private static final int MOST_THREADS = 1024;

  /** Reads the keys {@code listen} and {@code max_threads}. */
  public static Made<ServerSettings> read(ConfigSection section, String defaultListen) {
    ListenAddress listen =
        section.parsed(
            "listen",
            defaultListen,
            "host:port is expected",
            new ListenAddress("127.0.0.1", 0),
            ListenAddress::parse);
    int threads =
        section.number("max_threads", DEFAULT_THREADS, LEAST_THREADS, MOST_THREADS);
    return section.make(() -> new ServerSettings(listen, threads));
  }
}

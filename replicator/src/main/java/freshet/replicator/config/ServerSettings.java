package freshet.replicator.config;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a daemon serves HTTP.
 *
 * @param listen where
 * @param maxRequests that are answered at one time
 * @param maxLongPolls that wait at one time, beside those
 * @param maxConnections that are open at one time
 * @param tls null for plain HTTP
 * @param token that whoever asks must show; null for none
 * @param transfers what serving may take from others
 */
public record ServerSettings(
    ListenAddress listen,
    int maxRequests,
    int maxLongPolls,
    int maxConnections,
    @Nullable Tls tls,
    @Nullable Secret token,
    TransferSettings transfers) {
  /** No cap on what is sent. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  private static final String NO_CAP = "unlimited";
  private static final long LEAST_RATE = 64 << 10;
  private static final int MOST = 1_000_000;

  /**
   * PEM files.
   *
   * @param certificate the server's own, then those between it and a root
   * @param key its key
   */
  public record Tls(Path certificate, Path key) {}

  /**
   * What serving may take from others.
   *
   * @param maxBytesPerSecond of all answers together, or {@link #UNLIMITED}
   * @param maxTransfers files that are sent at one time
   * @param compressedBytes memory for what was compressed for the wire
   * @param yields whether it slows down when handshakes with the database do
   */
  public record TransferSettings(
      long maxBytesPerSecond, int maxTransfers, long compressedBytes, boolean yields) {}

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
    Tls tls = tls(section.section("tls"));
    Optional<Secret> token = section.optionalSecret("token");
    long rate =
        section.parsed(
            "max_rate",
            NO_CAP,
            "what is sent in a second is expected, at least %s, such as 20MB; or %s"
                .formatted(Sizes.show(LEAST_RATE), NO_CAP),
            UNLIMITED,
            ServerSettings::rate);
    int transfers = section.number("max_transfers", 32, 1, MOST);
    long compressed = section.size("compressed_cache", 64L << 20, 0);
    boolean yields = section.flag("yield_to_database", true);
    return section.make(
        () ->
            new ServerSettings(
                listen,
                requests,
                polls,
                connections,
                tls,
                token.orElse(null),
                new TransferSettings(rate, transfers, compressed, yields)));
  }

  private static @Nullable Tls tls(ConfigSection tls) {
    Optional<Path> certificate = tls.optionalPath("certificate");
    Optional<Path> key = tls.optionalPath("key");
    if (certificate.isPresent() != key.isPresent()) {
      tls.problem(
          certificate.isPresent() ? "key" : "certificate",
          "missing: a certificate and its key come together");
      return null;
    }
    return certificate.isPresent() && key.isPresent()
        ? new Tls(certificate.get(), key.get())
        : null;
  }

  private static long rate(String text) {
    if (text.equals(NO_CAP)) {
      return UNLIMITED;
    }
    long rate = Sizes.parse(text).orElseThrow(IllegalArgumentException::new);
    if (rate < LEAST_RATE) {
      throw new IllegalArgumentException();
    }
    return rate;
  }
}

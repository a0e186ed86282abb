package freshet.replicator.http;

import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets those ask who show a token. Tokens are fetched again every few seconds, so that new ones are
 * taken up without a restart; where they can't be had, those of before stay valid. Thread-safe.
 */
public final class TokenGuard {
  private static final Logger LOG = LoggerFactory.getLogger(TokenGuard.class);
  private static final Duration FETCH_INTERVAL = Duration.ofSeconds(5);
  private static final String SCHEME = "Bearer ";
  private static final String BASIC = "Basic ";

  /** Where the tokens come from. */
  @FunctionalInterface
  public interface Tokens {
    /**
     * All that are valid, one a line: for a change, the old and the new one.
     *
     * @throws IOException if they can't be had; the message holds nothing of them
     */
    String fetch() throws IOException;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Tokens tokens;
  private final Time time;
  private volatile List<byte[]> digests;
  private long fetchedAt;

  /** Fetches the tokens for the first time. */
  public TokenGuard(Tokens tokens, Time time) throws IOException {
    this.tokens = tokens;
    this.time = time;
    this.digests = fetch();
    this.fetchedAt = time.nanoTime();
  }

  /**
   * Why a request is not answered; empty if it is.
   *
   * @param authorization that header; null without one
   * @param isReading whether the request changes nothing: only then a browser's password counts,
   *     which it would also show where another site made it ask
   */
  Optional<HttpAnswer> refusal(@Nullable String authorization, boolean isReading) {
    refetch();
    Optional<String> token = token(authorization, isReading);
    if (token.isEmpty()) {
      return Optional.of(
          refused(
              "this server answers those who show a token, the request has none",
              "on a slave set remote.token_file to a file with the token of server.token here;"
                  + " others send the header Authorization: Bearer TOKEN"));
    }
    byte[] shown = digest(token.get());
    boolean isKnown = false;
    for (byte[] digest : digests) {
      // All of them, each in constant time: an answer's time tells nothing of a token.
      isKnown |= MessageDigest.isEqual(digest, shown);
    }
    return isKnown
        ? Optional.empty()
        : Optional.of(
            refused(
                "the token that the request shows is not one of this server's",
                "on a slave correct remote.token, remote.token_file or remote.token_command: it"
                    + " must give the token of server.token here"));
  }

  private static Optional<String> token(@Nullable String authorization, boolean isReading) {
    if (authorization == null) {
      return Optional.empty();
    }
    if (authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.of(authorization.substring(SCHEME.length()).strip());
    }
    return isReading && authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())
        ? password(authorization.substring(BASIC.length()).strip())
        : Optional.empty();
  }

  /** Browsers show what somebody typed in; any name will do. */
  private static Optional<String> password(String encoded) {
    try {
      String both = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      int colon = both.indexOf(':');
      return colon < 0 ? Optional.empty() : Optional.of(both.substring(colon + 1).strip());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static HttpAnswer refused(String error, String fix) {
    return HttpAnswer.error(401, error, fix).with("WWW-Authenticate", "Bearer realm=\"freshet\"");
  }

  private void refetch() {
    if (!lock.tryLock()) {
      return;
    }
    try {
      if (time.since(fetchedAt).compareTo(FETCH_INTERVAL) >= 0) {
        fetchedAt = time.nanoTime();
        digests = fetch();
      }
    } catch (IOException e) {
      LOG.warn("the tokens of before stay valid: {}", e.getMessage());
    } finally {
      lock.unlock();
    }
  }

  private List<byte[]> fetch() throws IOException {
    List<byte[]> found =
        tokens
            .fetch()
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .map(TokenGuard::digest)
            .toList();
    if (found.isEmpty()) {
      throw new IOException("there is no token, one a line is expected");
    }
    return found;
  }

  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

package freshet.replicator.remote;

import freshet.replicator.lease.LeaseClaim;
import freshet.replicator.runtime.IoReason;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Generation;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongConsumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks one HTTP server under the deadlines, with token, trust and compression as configured, and
 * tells its answers apart. Redirects are not followed: they would carry the token, and trust, to
 * somewhere else. Thread-safe.
 */
final class HttpExchange implements AutoCloseable {
  private final String base;
  private final RemoteOptions options;
  private final Time time;
  private final HttpClient client;
  private final BodyWatchdog watchdog;
  private final RemoteClock clock;
  private volatile @Nullable Generation leased;
  private volatile boolean isFreshet;
  private volatile boolean hasNoBundles;
  private volatile boolean isClosed;

  HttpExchange(URI base, RemoteOptions options, Time time) {
    this.base = base.toString();
    this.options = options;
    this.time = time;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(options.connectTimeout());
    if (options.access().tls() != null) {
      builder.sslContext(options.access().tls());
    }
    this.client = builder.build();
    this.watchdog = new BodyWatchdog(options, time);
    this.clock = new RemoteClock(time);
  }

  /** The address without a slash at its end. */
  String base() {
    return base;
  }

  /** The server's clock, as far as its answers told. */
  RemoteClock clock() {
    return clock;
  }

  /** Whether the server may answer with several files at once: it is ours, and did not refuse. */
  boolean mayHaveBundles() {
    return isFreshet && !hasNoBundles;
  }

  /** It refused. */
  void hasNoBundles() {
    hasNoBundles = true;
  }

  /** Asks with each request from now on that this be kept; null for nothing. */
  void lease(@Nullable Generation generation) {
    leased = generation;
  }

  /**
   * Sends a request.
   *
   * @param query to put behind the name, with its question mark; may be empty
   * @param wait how long the server may hold it back, on top of the time-out
   * @param request one that gets unless it says otherwise
   */
  HttpResponse<InputStream> send(
      String name, String query, Duration wait, HttpRequest.Builder request)
      throws RemoteException {
    if (isClosed) {
      throw closed();
    }
    BearerToken token = options.access().token();
    if (token != null) {
      request.header("Authorization", "Bearer " + token.value());
    }
    Generation fetched = leased;
    String holder = options.access().holder();
    if (fetched != null && holder != null) {
      request.header(LeaseClaim.HEADER, new LeaseClaim(holder, fetched).text());
    }
    request.uri(URI.create(base + "/" + name + query));
    request.timeout(options.headerTimeout().plus(wait));
    long start = time.nanoTime();
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      if (response.headers().firstValue("Freshet-Version").isPresent()) {
        isFreshet = true;
      }
      noteClock(response, time.since(start));
      return response;
    } catch (IOException e) {
      throw isClosed ? closed() : unreachable(name, time.since(start), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RemoteException.Closed(base + "/" + name + ": interrupted");
    }
  }

  /** A request that takes compressed answers, if that is configured. */
  HttpRequest.Builder compressible() {
    HttpRequest.Builder request = HttpRequest.newBuilder();
    return options.access().compresses() ? request.header("Accept-Encoding", "zstd") : request;
  }

  /**
   * The body under its deadlines, unfolded if it came compressed.
   *
   * @param received is told of bytes as they come over the wire
   */
  InputStream bodyOf(HttpResponse<InputStream> response, String name, LongConsumer received)
      throws RemoteException {
    InputStream body = watchdog.watch(response.body(), base + "/" + name, received);
    String encoding = response.headers().firstValue("Content-Encoding").orElse("identity");
    if (encoding.equals("identity")) {
      return body;
    }
    try {
      if (!encoding.equals("zstd")) {
        throw new RemoteException.Unexpected(
            "%s/%s comes in the encoding '%s', zstd or none is expected"
                .formatted(base, name, encoding),
            null);
      }
      return Unfolding.of(body, base + "/" + name);
    } catch (IOException e) {
      closeQuietly(body, e);
      throw asRemote(name, e);
    }
  }

  /** Refuses an answer of another status than one of these. */
  void requireStatus(HttpResponse<?> response, String name, int... expected)
      throws RemoteException {
    int status = response.statusCode();
    for (int one : expected) {
      if (status == one) {
        return;
      }
    }
    String what = "%s/%s: HTTP %d".formatted(base, name, status);
    if (status == 404 || status == 410) {
      throw new RemoteException.NotFound(what);
    }
    if (status == 401 || status == 403) {
      throw new RemoteException.Denied(
          what
              + (options.access().token() == null
                  ? ": it asks for a token and none is configured here: set remote.token_file"
                  : ": it does not know the token that was shown: correct remote.token,"
                      + " remote.token_file or remote.token_command")
              + " to what server.token is there");
    }
    if (status == 408 || status == 429 || status >= 500) {
      throw new RemoteException.Busy(what, retryAfter(response));
    }
    if (status >= 300 && status < 400) {
      throw new RemoteException.Unexpected(
          what
              + " leads to '"
              + response.headers().firstValue("Location").orElse("nowhere")
              + "': redirects are not followed, give the final URL as the remote",
          null);
    }
    throw new RemoteException.Unexpected(what + ", expected " + expected[0], null);
  }

  /** What a failed read means. */
  RemoteException asRemote(String name, IOException e) {
    if (isClosed) {
      return closed();
    }
    return e instanceof RemoteException remote
        ? remote
        : new RemoteException.Lost("%s/%s: %s".formatted(base, name, IoReason.of(e)), e);
  }

  RemoteException closed() {
    return new RemoteException.Closed(base + ": the remote was closed here");
  }

  @Override
  public void close() {
    isClosed = true;
    watchdog.close();
    client.shutdownNow();
  }

  static void closeQuietly(InputStream body, Exception because) {
    try {
      body.close();
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  private RemoteException unreachable(String name, Duration after, IOException e) {
    return e instanceof SSLException
        ? new RemoteException.Unreachable(
            "%s/%s: no TLS with this server: %s; its certificate must be valid, made for this host name, and signed by an authority in remote.tls.authorities"
                .formatted(base, name, reason(e)),
            e)
        : new RemoteException.Unreachable(
            "%s/%s: no answer after %d ms: %s"
                .formatted(base, name, after.toMillis(), IoReason.of(e)),
            e);
  }

  /** What was found under the handshake: a certificate's fault in the words that people look up. */
  private static String reason(Throwable e) {
    Throwable found = e;
    while (found instanceof SSLException && found.getCause() != null) {
      found = found.getCause();
    }
    return String.valueOf(found.getMessage());
  }

  private static Duration retryAfter(HttpResponse<?> response) {
    String text = response.headers().firstValue("Retry-After").orElse("");
    // The form with a date says nothing to a clock that may be off.
    return text.matches("[0-9]{1,5}") ? Duration.ofSeconds(Integer.parseInt(text)) : Duration.ZERO;
  }

  private void noteClock(HttpResponse<?> response, Duration roundTrip) {
    @Nullable String shown = response.headers().firstValue("Freshet-Time").orElse(null);
    if (shown != null) {
      try {
        clock.measured(Instant.parse(shown), roundTrip);
      } catch (DateTimeException e) {
        // Not a time: the server's clock stays unknown, which makes ages larger, never smaller.
        return;
      }
    }
  }
}

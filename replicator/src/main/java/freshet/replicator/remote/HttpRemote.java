package freshet.replicator.remote;

import freshet.replicator.files.Digest;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A repository behind HTTP: Freshet's own server, or any that serves the folder's files. Redirects
 * are refused: they would carry the token, and trust, to somewhere else.
 */
final class HttpRemote implements RemoteRepository {
  private static final int MAX_POINTER_BYTES = 1 << 20;
  private static final Pattern DIGEST_TAG = Pattern.compile("\"[0-9a-f]{64}\"");

  private final String base;
  private final RemoteOptions options;
  private final Time time;
  private final HttpClient client;
  private final BodyWatchdog watchdog;
  private final RemoteClock clock;
  private volatile boolean isClosed;
  // Set once a server answers with tags of its own: If-Range with ours then never matches.
  private volatile boolean tagsAreDigests = true;

  HttpRemote(URI base, RemoteOptions options, Time time) {
    this.base = base.toString();
    this.options = options;
    this.time = time;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(options.connectTimeout())
            .build();
    this.watchdog = new BodyWatchdog(options, time);
    this.clock = new RemoteClock(time);
  }

  /** Checks an address and gives it without a slash at its end. */
  static URI baseOf(String address) {
    URI uri;
    try {
      uri = URI.create(address.replaceAll("/+$", ""));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + address + "' is no URL: " + e.getMessage(), e);
    }
    if (uri.getHost() == null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "a remote over HTTP is http(s)://host:port[/prefix] without user, query or fragment,"
              + " not '"
              + address
              + "'");
    }
    return uri;
  }

  @Override
  public RemotePointer latest(@Nullable String knownTag, Duration wait) throws RemoteException {
    Deadline deadline = Deadline.after(time, wait);
    // A long poll's round trip says little of the remote's clock; a short one does.
    boolean isPing = clock.isVague() && !wait.isZero();
    RemotePointer answer = ask(knownTag, isPing ? Duration.ZERO : wait);
    if (isPing && !(answer instanceof RemotePointer.Offered)) {
      answer = ask(knownTag, deadline.remaining());
    }
    // A server that knows no long poll answers at once: then this side does the waiting.
    while (!(answer instanceof RemotePointer.Offered) && !deadline.isPast()) {
      pause(deadline);
      answer = ask(knownTag, deadline.remaining());
    }
    return answer;
  }

  @Override
  public byte[] small(String name, long maxBytes) throws RemoteException {
    HttpResponse<InputStream> response = get(name, "", Duration.ZERO, HttpRequest.newBuilder());
    try (InputStream body = bodyOf(response, name)) {
      requireStatus(response, name, 200);
      return readAll(body, name, maxBytes);
    } catch (IOException e) {
      throw asRemote(name, e);
    }
  }

  @Override
  public RemoteBody open(String name, long offset, Digest sha256) throws RemoteException {
    String tag = '"' + sha256.hex() + '"';
    HttpRequest.Builder request = HttpRequest.newBuilder();
    boolean withTag = tagsAreDigests;
    if (offset > 0) {
      request.header("Range", "bytes=" + offset + "-");
      if (withTag) {
        request.header("If-Range", tag);
      }
    }
    HttpResponse<InputStream> response = get(name, "", Duration.ZERO, request);
    InputStream body = bodyOf(response, name);
    try {
      requireStatus(response, name, 200, offset > 0 ? 206 : 200);
      if (response.statusCode() == 206) {
        requireRange(response, name, offset);
        return new RemoteBody(offset, body);
      }
      String found = response.headers().firstValue("ETag").orElse("");
      if (offset > 0 && withTag && !DIGEST_TAG.matcher(found).matches()) {
        tagsAreDigests = false;
        body.close();
        return open(name, offset, sha256);
      }
      return new RemoteBody(0, body);
    } catch (IOException e) {
      closeQuietly(body, e);
      throw asRemote(name, e);
    }
  }

  @Override
  public Optional<ClockEstimate> clock() {
    return clock.estimate();
  }

  @Override
  public String address() {
    return base;
  }

  @Override
  public void close() {
    isClosed = true;
    watchdog.close();
    client.shutdownNow();
  }

  private RemotePointer ask(@Nullable String knownTag, Duration wait) throws RemoteException {
    String name = RepositoryLayout.LATEST;
    HttpRequest.Builder request = HttpRequest.newBuilder();
    if (knownTag != null) {
      request.header("If-None-Match", knownTag);
    }
    long seconds = wait.plusMillis(999).toSeconds();
    long start = time.nanoTime();
    HttpResponse<InputStream> response =
        get(name, seconds > 0 && knownTag != null ? "?wait=" + seconds + "s" : "", wait, request);
    Receipt receipt = new Receipt(time.now(), time.since(start), clock().orElse(null));
    try (InputStream body = bodyOf(response, name)) {
      if (response.statusCode() == 304) {
        return new RemotePointer.Unchanged(receipt);
      }
      if (response.statusCode() == 404) {
        return new RemotePointer.Absent(receipt);
      }
      requireStatus(response, name, 200);
      byte[] bytes = readAll(body, name, MAX_POINTER_BYTES);
      String tag =
          response.headers().firstValue("ETag").orElseGet(() -> '"' + Digest.of(bytes).hex() + '"');
      return tag.equals(knownTag)
          ? new RemotePointer.Unchanged(receipt)
          : new RemotePointer.Offered(text(bytes, name), tag, receipt);
    } catch (IOException e) {
      throw asRemote(name, e);
    }
  }

  private HttpResponse<InputStream> get(
      String name, String query, Duration wait, HttpRequest.Builder request)
      throws RemoteException {
    if (isClosed) {
      throw closed();
    }
    BearerToken token = options.token();
    if (token != null) {
      request.header("Authorization", "Bearer " + token.value());
    }
    request.uri(URI.create(base + "/" + name + query));
    request.timeout(options.headerTimeout().plus(wait));
    long start = time.nanoTime();
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      noteClock(response, time.since(start));
      return response;
    } catch (IOException e) {
      if (isClosed) {
        throw closed();
      }
      throw new RemoteException.Unreachable(
          "%s/%s: no answer after %d ms: %s".formatted(base, name, time.since(start).toMillis(), e),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RemoteException.Closed(base + "/" + name + ": interrupted");
    }
  }

  private void noteClock(HttpResponse<?> response, Duration roundTrip) {
    Optional<String> shown = response.headers().firstValue("Freshet-Time");
    if (shown.isPresent()) {
      try {
        clock.measured(Instant.parse(shown.get()), roundTrip);
      } catch (DateTimeException e) {
        // Not a time: the server's clock stays unknown, which makes ages larger, never smaller.
        return;
      }
    }
  }

  private InputStream bodyOf(HttpResponse<InputStream> response, String name) {
    return watchdog.watch(response.body(), base + "/" + name);
  }

  private void requireStatus(HttpResponse<?> response, String name, int... expected)
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
      throw new RemoteException.Denied(what + ": check the token of this remote");
    }
    if (status == 408 || status == 429 || status >= 500) {
      throw new RemoteException.Busy(what);
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

  private void requireRange(HttpResponse<?> response, String name, long offset)
      throws RemoteException {
    String range = response.headers().firstValue("Content-Range").orElse("");
    if (!range.startsWith("bytes " + offset + "-")) {
      throw new RemoteException.Unexpected(
          "%s/%s: asked for bytes %d-, got '%s'".formatted(base, name, offset, range), null);
    }
  }

  private byte[] readAll(InputStream body, String name, long maxBytes) throws IOException {
    byte[] bytes = body.readNBytes(Math.toIntExact(maxBytes + 1));
    if (bytes.length > maxBytes) {
      throw new RemoteException.Unexpected(
          "%s/%s is longer than %d bytes".formatted(base, name, maxBytes), null);
    }
    return bytes;
  }

  private void pause(Deadline deadline) throws RemoteException {
    Duration left = deadline.remaining();
    Duration interval = options.pollInterval();
    try {
      time.sleep(left.compareTo(interval) < 0 ? left : interval);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RemoteException.Closed(base + ": interrupted");
    }
  }

  private RemoteException asRemote(String name, IOException e) {
    if (isClosed) {
      return closed();
    }
    return e instanceof RemoteException remote
        ? remote
        : new RemoteException.Lost("%s/%s: %s".formatted(base, name, e), e);
  }

  private RemoteException closed() {
    return new RemoteException.Closed(base + ": the remote was closed here");
  }

  static String text(byte[] bytes, String name) throws RemoteException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes)).toString();
    } catch (java.nio.charset.CharacterCodingException e) {
      throw new RemoteException.Unexpected(name + " is no UTF-8 text", e);
    }
  }

  private static void closeQuietly(InputStream body, Exception because) {
    try {
      body.close();
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }
}

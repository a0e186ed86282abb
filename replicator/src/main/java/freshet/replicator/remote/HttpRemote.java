package freshet.replicator.remote;

import freshet.replicator.files.Digest;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.BundleHead;
import freshet.replicator.snapshot.BundleRequest;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A repository behind HTTP: Freshet's own server, or any that serves the folder's files. */
final class HttpRemote implements RemoteRepository {
  private static final int MAX_POINTER_BYTES = 1 << 20;
  private static final Pattern DIGEST_TAG = Pattern.compile("\"[0-9a-f]{64}(-zstd)?\"");

  private final HttpExchange exchange;
  private final RemoteOptions options;
  private final Time time;
  private final LongAdder received = new LongAdder();
  // Set once a server answers with tags of its own: If-Range with ours then never matches.
  private volatile boolean tagsAreDigests = true;

  HttpRemote(URI base, RemoteOptions options, Time time) {
    this(new HttpExchange(base, options, time), options, time);
  }

  private HttpRemote(HttpExchange exchange, RemoteOptions options, Time time) {
    this.exchange = exchange;
    this.options = options;
    this.time = time;
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
    boolean isPing = exchange.clock().isVague() && !wait.isZero();
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
    HttpResponse<InputStream> response =
        exchange.send(name, "", Duration.ZERO, exchange.compressible());
    try (InputStream body = exchange.bodyOf(response, name, received::add)) {
      exchange.requireStatus(response, name, 200);
      return readAll(body, name, maxBytes);
    } catch (IOException e) {
      throw exchange.asRemote(name, e);
    }
  }

  @Override
  public RemoteBody open(String name, long offset, Digest sha256) throws RemoteException {
    boolean withTag = tagsAreDigests;
    HttpRequest.Builder request = exchange.compressible();
    if (offset > 0) {
      request = HttpRequest.newBuilder().header("Range", "bytes=" + offset + "-");
      if (withTag) {
        request.header("If-Range", '"' + sha256.hex() + '"');
      }
    }
    HttpResponse<InputStream> response = exchange.send(name, "", Duration.ZERO, request);
    InputStream body = exchange.bodyOf(response, name, received::add);
    try {
      exchange.requireStatus(response, name, 200, offset > 0 ? 206 : 200);
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
      HttpExchange.closeQuietly(body, e);
      throw exchange.asRemote(name, e);
    }
  }

  @Override
  public Optional<RemoteBundle> bundle(List<String> names, int maxFileBytes)
      throws RemoteException {
    if (!exchange.mayHaveBundles()) {
      return Optional.empty();
    }
    String name = BundleRequest.PATH;
    byte[] asked = SnapshotCodec.write(new BundleRequest(names));
    HttpRequest.Builder request =
        exchange.compressible().POST(HttpRequest.BodyPublishers.ofByteArray(asked));
    HttpResponse<InputStream> response = exchange.send(name, "", Duration.ZERO, request);
    InputStream body = exchange.bodyOf(response, name, received::add);
    try {
      String type = response.headers().firstValue("Content-Type").orElse("");
      if (response.statusCode() == 200 && type.equals(BundleHead.MEDIA_TYPE)) {
        return Optional.of(RemoteBundle.open(body, address() + "/" + name, maxFileBytes));
      }
      if (response.statusCode() != 200) {
        exchange.requireStatus(response, name, 200, 400, 403, 404, 405, 410, 413, 501);
      }
    } catch (IOException e) {
      HttpExchange.closeQuietly(body, e);
      throw exchange.asRemote(name, e);
    }
    exchange.hasNoBundles();
    try {
      body.close();
    } catch (IOException e) {
      throw exchange.asRemote(name, e);
    }
    return Optional.empty();
  }

  @Override
  public void fetching(@Nullable Generation generation) {
    exchange.lease(generation);
  }

  @Override
  public Optional<ClockEstimate> clock() {
    return exchange.clock().estimate();
  }

  @Override
  public RemoteRepository metered() {
    return new HttpRemote(exchange, options, time);
  }

  @Override
  public long bytesReceived() {
    return received.sum();
  }

  @Override
  public String address() {
    return exchange.base();
  }

  @Override
  public void close() {
    exchange.close();
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
        exchange.send(
            name, seconds > 0 && knownTag != null ? "?wait=" + seconds + "s" : "", wait, request);
    Receipt receipt = new Receipt(time.now(), time.since(start), clock().orElse(null));
    try (InputStream body = exchange.bodyOf(response, name, received::add)) {
      if (response.statusCode() == 304) {
        return new RemotePointer.Unchanged(receipt);
      }
      if (response.statusCode() == 404) {
        return new RemotePointer.Absent(receipt);
      }
      exchange.requireStatus(response, name, 200);
      byte[] bytes = readAll(body, name, MAX_POINTER_BYTES);
      String tag =
          response.headers().firstValue("ETag").orElseGet(() -> '"' + Digest.of(bytes).hex() + '"');
      return tag.equals(knownTag)
          ? new RemotePointer.Unchanged(receipt)
          : new RemotePointer.Offered(text(bytes, name), tag, receipt);
    } catch (IOException e) {
      throw exchange.asRemote(name, e);
    }
  }

  private void requireRange(HttpResponse<?> response, String name, long offset)
      throws RemoteException {
    String range = response.headers().firstValue("Content-Range").orElse("");
    if (!range.startsWith("bytes " + offset + "-")) {
      throw new RemoteException.Unexpected(
          "%s/%s: asked for bytes %d-, got '%s'".formatted(address(), name, offset, range), null);
    }
  }

  private byte[] readAll(InputStream body, String name, long maxBytes) throws IOException {
    byte[] bytes = body.readNBytes(Math.toIntExact(maxBytes + 1));
    if (bytes.length > maxBytes) {
      throw new RemoteException.Unexpected(
          "%s/%s is longer than %d bytes".formatted(address(), name, maxBytes), null);
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
      throw new RemoteException.Closed(address() + ": interrupted");
    }
  }

  static String text(byte[] bytes, String name) throws RemoteException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes)).toString();
    } catch (java.nio.charset.CharacterCodingException e) {
      throw new RemoteException.Unexpected(name + " is no UTF-8 text", e);
    }
  }
}

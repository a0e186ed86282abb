package freshet.replicator.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import freshet.replicator.files.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Serves a folder with ranges and tags, and breaks answers on request, each once. */
public final class FolderServer implements AutoCloseable {

  /** A way to break one answer. */
  public sealed interface Fault {
    /** The connection ends after so many bytes of the body. */
    record Cut(int after) implements Fault {}

    /** The same of a server that knows no ranges. */
    record CutWhole(int after) implements Fault {}

    /** Nothing comes any more after so many bytes of the body. */
    record Stall(int after) implements Fault {}

    /** Nothing comes at all. */
    record Silence() implements Fault {}

    /** One bit of the body's byte at this place is another. */
    record Flip(int at) implements Fault {}

    /** This status and nothing else. */
    record Status(int status, Map<String, String> headers) implements Fault {}
  }

  private final Path root;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Map<String, Fault> faults = new ConcurrentHashMap<>();
  private final Map<String, Runnable> before = new ConcurrentHashMap<>();
  private final LinkedBlockingQueue<String> requests = new LinkedBlockingQueue<>();
  private volatile boolean hasDigestTags = true;
  private volatile String bearer = "";
  private volatile Instant shownTime;

  public FolderServer(Path root) throws IOException {
    this.root = root;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Breaks the next answer about this name. */
  public FolderServer fault(String name, Fault fault) {
    faults.put(name, fault);
    return this;
  }

  /** Runs this before the next answer about this name. */
  public FolderServer before(String name, Runnable action) {
    before.put(name, action);
    return this;
  }

  /** Tags that say nothing of the content, as a plain web server's. */
  public FolderServer plainTags() {
    hasDigestTags = false;
    return this;
  }

  public FolderServer requireToken(String token) {
    bearer = token;
    return this;
  }

  public FolderServer showTime(Instant time) {
    shownTime = time;
    return this;
  }

  /** What was asked for since the last call: the name, and after a blank the range if any. */
  public List<String> takeRequests() {
    List<String> taken = new ArrayList<>();
    requests.drainTo(taken);
    return taken;
  }

  /** Waits for a question, which counts as taken; empty if none came in time. */
  public Optional<String> awaitRequest(Duration atMost) throws InterruptedException {
    return Optional.ofNullable(requests.poll(atMost.toMillis(), TimeUnit.MILLISECONDS));
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String name = exchange.getRequestURI().getPath().substring(1);
      String range = exchange.getRequestHeaders().getFirst("Range");
      requests.add(range == null ? name : name + " " + range);
      Runnable action = before.remove(name);
      if (action != null) {
        action.run();
      }
      if (shownTime != null) {
        exchange.getResponseHeaders().set("Freshet-Time", shownTime.toString());
      }
      answer(exchange, name, range, faults.remove(name));
    }
  }

  private void answer(HttpExchange exchange, String name, String range, Fault fault)
      throws IOException {
    switch (fault) {
      case Fault.Silence silence -> {
        awaitClose();
        return;
      }
      case Fault.Status status -> {
        status.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(status.status(), -1);
        return;
      }
      case null, default -> {}
    }
    String token = exchange.getRequestHeaders().getFirst("Authorization");
    if (!bearer.isEmpty() && !("Bearer " + bearer).equals(token)) {
      exchange.sendResponseHeaders(401, -1);
      return;
    }
    Path file = root.resolve(name);
    if (!Files.isRegularFile(file)) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      // Collected since the look at it.
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    String tag = hasDigestTags ? '"' + Digest.of(bytes).hex() + '"' : "\"" + bytes.length + "-x\"";
    if (!hasDigestTags && name.equals("LATEST")) {
      tag = '"' + Digest.of(bytes).hex().substring(0, 8) + '"';
    }
    exchange.getResponseHeaders().set("ETag", tag);
    if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
      exchange.sendResponseHeaders(304, -1);
      return;
    }
    int from = 0;
    String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
    boolean knowsRanges = !(fault instanceof Fault.CutWhole);
    if (range != null && knowsRanges && (ifRange == null || ifRange.equals(tag))) {
      from = Integer.parseInt(range.replaceAll("bytes=([0-9]+)-", "$1"));
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, bytes.length - 1, bytes.length));
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, Math.max(1, bytes.length - from));
    send(exchange.getResponseBody(), bytes, from, fault);
  }

  private void send(OutputStream out, byte[] bytes, int from, Fault fault) throws IOException {
    switch (fault) {
      case Fault.Cut cut -> out.write(bytes, from, Math.min(cut.after(), bytes.length - from));
      case Fault.CutWhole cut -> out.write(bytes, from, cut.after());
      case Fault.Stall stall -> {
        out.write(bytes, from, Math.min(stall.after(), bytes.length - from));
        out.flush();
        awaitClose();
      }
      case Fault.Flip flip -> {
        bytes[from + flip.at()] ^= 4;
        out.write(bytes, from, bytes.length - from);
      }
      case null, default -> out.write(bytes, from, bytes.length - from);
    }
  }

  private void awaitClose() {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

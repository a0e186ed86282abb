package freshet.replicator.sink;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP receiver on loopback that takes messages, fails, or stalls in the middle of its answer.
 */
public final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile int status = 200;
  private volatile boolean stalls;
  private volatile String text = "what the receiver says";

  /** What came. */
  public record Received(String path, String authorization, String body) {}

  /** Takes everything, on a free port. */
  public Receiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(workers);
    server.start();
  }

  /** Where it listens. */
  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /** Answers with this from now on. */
  public void status(int next) {
    status = next;
  }

  /** Says this from now on. */
  public void answer(String next) {
    text = next;
  }

  /** Begins answers from now on, and does not end them. */
  public void stalls(boolean isStalled) {
    stalls = isStalled;
  }

  /** The next one that came; waits for it. */
  public Received take() throws InterruptedException {
    Received next = received.poll(60, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came within a minute");
    }
    return next;
  }

  /** How many came and were not taken. */
  public int count() {
    return received.size();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    workers.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    boolean isStalled = stalls;
    int answer = status;
    received.add(new Received(exchange.getRequestURI().toString(), authorization, body));
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer, isStalled ? bytes.length + 1L : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.getResponseBody().flush();
    if (isStalled) {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    exchange.close();
  }
}

package freshet.replicator.http;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.runtime.SystemTime;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that keep a connection alive, and a place that others wait for, by a byte now and then. */
@Timeout(60)
class SlowPeersIT {
  private static final int MEGABYTES = 16 << 20;
  private static final int AT_WORK = 4;

  private final CountDownLatch sent = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    serve(Duration.ofSeconds(50));
  }

  private void serve(Duration idle) throws IOException {
    HttpOptions options =
        new HttpOptions(
            "127.0.0.1",
            0,
            4,
            AT_WORK,
            1,
            50,
            new SlowestPeer(200_000, Duration.ofMillis(400)),
            idle,
            Duration.ofMillis(500));
    server =
        HttpServer.start(
            options,
            HttpSecurity.NONE,
            List.of(
                Route.get("/hello", r -> HttpAnswer.text(200, "hello")),
                Route.get("/large", r -> large()).sending(),
                Route.get("/file", r -> hold()).sending(),
                Route.post("/body", r -> HttpAnswer.text(200, "read " + r.body(10).length))),
            new SystemTime(),
            "test");
  }

  @AfterEach
  void stop() {
    release.countDown();
    server.close();
    client.close();
  }

  @Test
  void whoTakesNothingOfItsAnswerIsDropped() throws Exception {
    try (Socket peer = peer()) {
      send(peer, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(sent.await(20, TimeUnit.SECONDS)).as("its place is free again").isTrue();
    }
  }

  @Test
  void whoTakesItsAnswerTooSlowlyIsDropped() throws Exception {
    try (Socket peer = peer()) {
      send(peer, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
      byte[] some = new byte[200];
      long taken = 0;
      while (!sent.await(10, TimeUnit.MILLISECONDS)) {
        taken += Math.max(0, peer.getInputStream().read(some));
        assertThat(taken).isLessThan(MEGABYTES / 8);
      }
    }
  }

  @Test
  void whoTakesItAsFastAsHeCanGetsAllOfIt() throws Exception {
    assertThat(get("large").body()).hasSize(MEGABYTES);
  }

  @Test
  void whoNeverSendsAllOfABodyIsDropped() throws Exception {
    List<Socket> peers = new ArrayList<>();
    try {
      for (int i = 0; i < AT_WORK; i++) {
        peers.add(peer());
        send(peers.getLast(), "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nx");
      }
      for (Socket peer : peers) {
        peer.setSoTimeout(20_000);
        awaitEnd(peer);
      }
      // A connection can have ended before its place is free.
      int next = get("hello").statusCode();
      while (next == 503) {
        next = get("hello").statusCode();
      }
      assertThat(next).isEqualTo(200);
    } finally {
      for (Socket peer : peers) {
        peer.close();
      }
    }
  }

  @Test
  void aBodyThatBreaksOffIsTheClientsFault() throws Exception {
    try (Socket peer = peer()) {
      send(peer, "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nx");
      peer.shutdownOutput();
      assertThat(new String(peer.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 400 ")
          .contains("the body broke off");
    }
    assertThat(post("12345")).isEqualTo("read 5");
    assertThat(post("12345678901")).contains("the body has more than 10 bytes");
  }

  @Test
  void whoNeverSendsAllOfAHeadIsDropped() throws Exception {
    server.close();
    serve(Duration.ofMillis(600));
    try (Socket peer = peer()) {
      // Each read waits for so long, and then one more byte is sent.
      peer.setSoTimeout(100);
      send(peer, "GET /hello HTTP/1.1\r\nX: ");
      int bytes = 0;
      while (!hasEnded(peer)) {
        send(peer, "x");
        assertThat(++bytes).as("it is kept alive by a byte now and then").isLessThan(100);
      }
    }
    // One that is asked again and again stays.
    assertThat(get("hello").statusCode()).isEqualTo(200);
  }

  @Test
  void filesLeaveRoomForWhatIsAnsweredAtOnce() throws Exception {
    List<CompletableFuture<HttpResponse<byte[]>>> held = new ArrayList<>();
    for (int i = 0; i < AT_WORK - 1; i++) {
      held.add(client.sendAsync(request("file").build(), HttpResponse.BodyHandlers.ofByteArray()));
    }
    holding.await();

    assertThat(get("file").statusCode()).isEqualTo(503);
    assertThat(get("hello").statusCode()).isEqualTo(200);
    release.countDown();
    for (CompletableFuture<HttpResponse<byte[]>> one : held) {
      assertThat(one.get().statusCode()).isEqualTo(200);
    }
    // An answer can be here before its place is free.
    int next = get("file").statusCode();
    while (next == 503) {
      next = get("file").statusCode();
    }
    assertThat(next).isEqualTo(200);
  }

  private final CountDownLatch holding = new CountDownLatch(AT_WORK - 1);

  private HttpAnswer hold() throws InterruptedException {
    holding.countDown();
    release.await();
    return HttpAnswer.text(200, "released");
  }

  private HttpAnswer large() {
    return HttpAnswer.bytes(200, "application/octet-stream", new byte[MEGABYTES])
        .with(
            new Transfer() {
              @Override
              public int next(long left) {
                return (int) Math.min(left, MAX_CHUNK_BYTES);
              }

              @Override
              public void close() {
                sent.countDown();
              }
            });
  }

  private Socket peer() throws IOException {
    Socket peer = new Socket();
    peer.setReceiveBufferSize(4 << 10);
    peer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    return peer;
  }

  private static void send(Socket peer, String text) {
    try {
      OutputStream out = peer.getOutputStream();
      out.write(text.getBytes(StandardCharsets.US_ASCII));
      out.flush();
    } catch (IOException e) {
      // It was dropped meanwhile, which reading tells.
      assertThat(e).hasMessageNotContaining("closed by us");
    }
  }

  private static void awaitEnd(Socket peer) throws IOException {
    try {
      peer.getInputStream().readAllBytes();
    } catch (SocketException e) {
      assertThat(e).as("ended, if not politely").hasMessageContaining("reset");
    }
  }

  private static boolean hasEnded(Socket peer) {
    try {
      InputStream in = peer.getInputStream();
      return in.read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private java.net.http.HttpRequest.Builder request(String path) {
    return java.net.http.HttpRequest.newBuilder(URI.create(server.uri() + path));
  }

  private HttpResponse<byte[]> get(String path) throws Exception {
    return client.send(request(path).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private String post(String body) throws Exception {
    return client
        .send(
            request("body").POST(java.net.http.HttpRequest.BodyPublishers.ofString(body)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}

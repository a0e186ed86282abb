package freshet.replicator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import freshet.replicator.runtime.ManualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpServerIT {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final CountDownLatch release = new CountDownLatch(1);
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    HttpOptions options =
        new HttpOptions(
            "127.0.0.1",
            0,
            4,
            2,
            1,
            50,
            SlowestPeer.DEFAULT,
            Duration.ofSeconds(30),
            Duration.ofMillis(500));
    server =
        HttpServer.start(
            options,
            HttpSecurity.NONE,
            List.of(
                Route.get("/hello", r -> HttpAnswer.json(200, Map.of("hello", who(r)))),
                Route.get("/metrics", r -> HttpAnswer.metrics("up 1\n")),
                Route.get(
                    "/broken",
                    r -> {
                      throw new IllegalStateException("oh");
                    }),
                Route.longPoll("/wait", this::hold),
                Route.get("/work", this::hold),
                Route.post(
                    "/echo/{name}",
                    r ->
                        HttpAnswer.text(
                            200,
                            r.pathParameter("name")
                                + new String(r.body(10), StandardCharsets.UTF_8)))),
            new ManualTime(NOON),
            "1.2.3");
  }

  @AfterEach
  void stop() {
    release.countDown();
    server.close();
  }

  @Test
  void everyAnswerTellsTimeAndVersion() throws Exception {
    HttpResponse<String> hello = get("hello?who=S%C3%A3o+Paulo");

    assertThat(hello.statusCode()).isEqualTo(200);
    assertThat(hello.body()).isEqualTo("{\"hello\":\"São Paulo\"}");
    for (HttpResponse<String> response : List.of(hello, get("nothing"), get("broken"))) {
      assertThat(response.headers().firstValue("Freshet-Time")).contains(NOON.toString());
      assertThat(response.headers().firstValue("Freshet-Version")).contains("1.2.3");
    }
    assertThat(get("metrics").body()).isEqualTo("up 1\n");
  }

  @Test
  void headHasTheHeadersAndNoBody() throws Exception {
    HttpResponse<String> head =
        client.send(
            request("hello").method("HEAD", BodyPublishers.noBody()).build(),
            BodyHandlers.ofString());

    assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(17);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void errorsSayWhatToDo() throws Exception {
    assertThat(get("nothing").body())
        .isEqualTo(
            "{\"error\":\"there is no /nothing\","
                + "\"fix\":\"paths here: /hello /metrics /broken /wait /work /echo/{name}\"}");
    HttpResponse<String> post = post("hello", "x");
    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("Allow")).contains("GET, HEAD");
    assertThat(get("broken").statusCode()).isEqualTo(500);
    assertThat(raw("GET /hello?who=%zz HTTP/1.1")).startsWith("HTTP/1.1 400");
    assertThat(post("echo/a%20b", "c").body()).isEqualTo("a bc");
    assertThat(post("echo/a", "more than ten bytes").statusCode()).isEqualTo(413);
  }

  @Test
  void whatIsNoHttpIsRefusedInJson() throws Exception {
    assertThat(raw("GET /../x HTTP/1.1")).startsWith("HTTP/1.1 400").contains("{\"error\":");
  }

  @Test
  void beyondItsBoundsTheServerSaysWhenToComeBack() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> held = new ArrayList<>();
    held.add(client.sendAsync(request("work").build(), BodyHandlers.ofString()));
    held.add(client.sendAsync(request("work").build(), BodyHandlers.ofString()));
    held.add(client.sendAsync(request("wait").build(), BodyHandlers.ofString()));
    holding.await();

    for (String path : List.of("hello", "wait")) {
      HttpResponse<String> refused = get(path);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    }
    release.countDown();
    for (CompletableFuture<HttpResponse<String>> response : held) {
      assertThat(response.get().statusCode()).isEqualTo(200);
    }
    // An answer can be here before its place is free.
    HttpResponse<String> next = get("hello");
    while (next.statusCode() == 503) {
      next = get("hello");
    }
    assertThat(next.statusCode()).isEqualTo(200);
  }

  @Test
  void aTakenPortIsNamed() {
    assertThatThrownBy(
            () ->
                HttpServer.start(
                    HttpOptions.at("127.0.0.1", server.port()),
                    HttpSecurity.NONE,
                    List.of(),
                    new ManualTime(NOON),
                    "1"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:" + server.port());
  }

  @Test
  void anAddressOfIpv6IsReachedByItsUri() throws Exception {
    assumeThat(NetworkInterface.getByInetAddress(InetAddress.getByName("::1"))).isNotNull();
    for (String host : List.of("::1", "::")) {
      try (HttpServer other =
          HttpServer.start(
              HttpOptions.at(host, 0),
              HttpSecurity.NONE,
              List.of(Route.get("/hello", r -> HttpAnswer.text(200, "hello"))),
              new ManualTime(NOON),
              "1")) {
        URI uri = other.uri().resolve("hello");
        assertThat(uri.getHost()).isEqualTo("[::1]");
        assertThat(
                client
                    .send(
                        java.net.http.HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body())
            .isEqualTo("hello");
      }
    }
  }

  private final CountDownLatch holding = new CountDownLatch(3);

  private String raw(String requestLine) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      String request = requestLine + "\r\nHost: a\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private HttpAnswer hold(HttpRequest request) throws InterruptedException {
    holding.countDown();
    release.await();
    return HttpAnswer.text(200, "released");
  }

  private static String who(HttpRequest request) {
    return request.query("who").orElse("world");
  }

  private java.net.http.HttpRequest.Builder request(String path) {
    return java.net.http.HttpRequest.newBuilder(URI.create(server.uri() + path));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return client.send(
        request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }
}

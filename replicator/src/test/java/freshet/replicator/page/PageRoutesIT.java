package freshet.replicator.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import freshet.replicator.flight.Failure;
import freshet.replicator.http.HttpAnswer;
import freshet.replicator.http.HttpOptions;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.incident.Stage;
import freshet.replicator.runtime.SystemTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PageRoutesIT {
  private static final Duration SHORT = Duration.ofMillis(20);

  private final HttpClient client = HttpClient.newHttpClient();
  private volatile StatusPage page = SamplePage.fresh();
  private PageRoutes routes;
  private HttpServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      routes.close();
      server.close();
    }
    client.close();
  }

  private void serve(Supplier<StatusPage> look, int mostWatching) throws IOException {
    routes =
        new PageRoutes(look, new PageRoutes.Bounds(mostWatching, SHORT, Duration.ofMillis(500)));
    server =
        HttpServer.start(
            HttpOptions.at("127.0.0.1", 0),
            HttpSecurity.NONE,
            routes.all(unused -> HttpAnswer.json(200, Map.of("role", "indexer"))),
            new SystemTime(),
            "test");
  }

  private HttpResponse<String> get(String path, String accept) throws Exception {
    return client.send(
        HttpRequest.newBuilder(server.uri().resolve(path)).header("Accept", accept).build(),
        BodyHandlers.ofString());
  }

  @Test
  void browsersGetThePageAndProgramsTheJson() throws Exception {
    serve(() -> page, 1);
    String browser = "text/html,application/xhtml+xml,*/*;q=0.8";
    for (String path : List.of("", "status", "?city=paulo&sort=size", "status?page=28")) {
      HttpResponse<String> html = get(path, browser);
      assertThat(html.statusCode()).isEqualTo(200);
      assertThat(html.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
      assertThat(html.body()).contains("Fresh: slowest slave 1.8 s behind the database");
    }
    assertThat(get("status", "*/*").body()).isEqualTo("{\"role\":\"indexer\"}");
    assertThat(get("status", "*/*").headers().firstValue("Vary")).contains("Accept");
    assertThat(get("?city=paulo", browser).body()).contains("1 city, oldest first, page 1 of 1");
  }

  @Test
  void pagesMayDoNothingButTheirOwn() throws Exception {
    serve(() -> page, 1);
    for (String path : List.of("", "page/style.css", "page/script.js")) {
      HttpResponse<String> answer = get(path, "*/*");
      assertThat(answer.headers().firstValue("Content-Security-Policy"))
          .hasValueSatisfying(
              policy ->
                  assertThat(policy)
                      .startsWith("default-src 'none'; script-src 'self';")
                      .doesNotContain("unsafe"));
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }
  }

  @Test
  void wrongQuestionsAreRefused() throws Exception {
    serve(() -> page, 1);
    assertThat(get("?sort=colour", "text/html").body()).contains("give age, size or name");
    for (String path : List.of("?page=0", "?sort=x", "?city=" + "x".repeat(201))) {
      assertThat(get(path, "text/html").statusCode()).as(path).isEqualTo(400);
      assertThat(get("status/events" + path, "*/*").statusCode()).as(path).isEqualTo(400);
    }
  }

  @Test
  void eventsTellOnlyWhatHasChanged() throws Exception {
    serve(() -> page, 1);
    try (Watch watch = new Watch("status/events?city=paulo")) {
      JsonNode first = watch.event();
      assertThat(first.size()).isEqualTo(8);
      assertThat(first.path("cities").asText()).contains("São Paulo").doesNotContain("city-697");

      page = SamplePage.troubled();
      JsonNode second = watch.event();
      assertThat(second.path("headline").asText()).contains("Wrong at poll");
      assertThat(second.has("handshakes")).isFalse();
    }
  }

  @Test
  void moreThanTheBoundAreToldToComeBackUntilOneHasLeft() throws Exception {
    serve(() -> page, 2);
    try (Watch one = new Watch("status/events");
        Watch other = new Watch("status/events")) {
      one.event();
      other.event();
      HttpResponse<String> third = get("status/events", "*/*");
      assertThat(third.statusCode()).isEqualTo(503);
      assertThat(third.headers().firstValue("Retry-After")).contains("10");
      assertThat(get("", "*/*").statusCode()).isEqualTo(200);
    }
    awaitPlace();
  }

  @Test
  void aReaderThatIsSlowIsDropped() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    serve(() -> withLongMessage(looks.incrementAndGet()), 1);
    try (Socket slow = new Socket()) {
      slow.setReceiveBufferSize(4 << 10);
      slow.connect(new InetSocketAddress("127.0.0.1", server.port()));
      slow.getOutputStream()
          .write("GET /status/events HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(slow.getInputStream().read()).isEqualTo('H');
      // It reads no more; its place is free again once it was dropped.
      awaitPlace();
    }
  }

  @Test
  void aStopEndsTheStreams() throws Exception {
    serve(() -> page, 1);
    try (Watch watch = new Watch("status/events")) {
      watch.event();
      routes.close();
      watch.awaitEnd();
    }
  }

  private static StatusPage withLongMessage(int look) {
    StatusPage page = SamplePage.fresh();
    List<Failure> failures = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      failures.add(
          new Failure(SamplePage.NOON, look, Stage.POLL, "query", "C" + i, "db", "x".repeat(300)));
    }
    return new StatusPage(
        page.role(),
        page.name(),
        page.at(),
        page.headline(),
        page.waitsFor(),
        page.ageLimit(),
        page.history(),
        page.incidents(),
        page.fleet(),
        page.cities(),
        page.handshakes(),
        failures,
        page.repository(),
        page.snapshots(),
        page.held());
  }

  /** Asks until somebody may watch again. */
  private void awaitPlace() throws Exception {
    while (true) {
      HttpResponse<InputStream> answer =
          client.send(
              HttpRequest.newBuilder(server.uri().resolve("status/events")).build(),
              BodyHandlers.ofInputStream());
      answer.body().close();
      if (answer.statusCode() == 200) {
        return;
      }
    }
  }

  /** A reader of events. */
  private final class Watch implements AutoCloseable {
    private final BufferedReader lines;

    Watch(String path) throws Exception {
      HttpResponse<InputStream> answer =
          client.send(
              HttpRequest.newBuilder(server.uri().resolve(path)).build(),
              BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
      lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    JsonNode event() throws IOException {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data: ")) {
          return new ObjectMapper().readTree(line.substring("data: ".length()));
        }
        assertThat(line).matches("|: nothing has changed");
      }
      throw new IOException("the stream has ended");
    }

    void awaitEnd() throws IOException {
      while (lines.readLine() != null) {
        // What was on its way.
      }
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }
}

package freshet.replicator.page;

import freshet.replicator.http.HttpAnswer;
import freshet.replicator.http.HttpProblem;
import freshet.replicator.http.HttpRequest;
import freshet.replicator.http.Route;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Serves the page: {@code /} and {@code /status} for browsers, {@code /status/events} for its
 * script. At most 32 watch at one time, each on a virtual thread that holds nothing else up.
 * Thread-safe.
 */
public final class PageRoutes implements AutoCloseable {
  /** What a page may do: its own script and style, and nothing from elsewhere or inline. */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  private static final int OK = 200;
  private static final int MOST_WATCHING = 32;
  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final Duration LONGEST_WRITE = Duration.ofSeconds(10);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  private final Supplier<StatusPage> page;
  private final Bounds bounds;
  private final Semaphore watching;
  private final StopSignal stop = new StopSignal();
  private final byte[] style = resource("style.css");
  private final byte[] script = resource("script.js");

  /**
   * Of this node.
   *
   * @param look gathers what is to be shown; asked once a second at most
   */
  public PageRoutes(Supplier<StatusPage> look, Time time) {
    this(new LatestPage(look, time), new Bounds(MOST_WATCHING, INTERVAL, LONGEST_WRITE));
  }

  PageRoutes(Supplier<StatusPage> page, Bounds bounds) {
    this.page = page;
    this.bounds = bounds;
    this.watching = new Semaphore(bounds.mostWatching);
  }

  /**
   * What those who watch may take.
   *
   * @param mostWatching at one time
   * @param interval between two events
   * @param longestWrite how long a reader may take for one before it is dropped
   */
  record Bounds(int mostWatching, Duration interval, Duration longestWrite) {}

  /**
   * All of them.
   *
   * @param status answers GET /status for those who don't ask for HTML
   */
  public List<Route> all(Route.Handler status) {
    return List.of(
        Route.get("/", this::html),
        Route.get(
            "/status",
            request ->
                (request.accepts("text/html") ? html(request) : status.handle(request))
                    .with("Vary", "Accept")),
        Route.longPoll("/status/events", this::events),
        Route.get("/page/style.css", unused -> safe("text/css; charset=utf-8", style)),
        Route.get("/page/script.js", unused -> safe("text/javascript; charset=utf-8", script)));
  }

  /** Ends the streams, whose readers come back to the next process. */
  @Override
  public void close() {
    stop.request();
  }

  private HttpAnswer html(HttpRequest request) throws HttpProblem {
    String document = PageDocument.of(page.get(), CityQuery.of(request));
    return safe("text/html; charset=utf-8", document.getBytes(StandardCharsets.UTF_8));
  }

  private HttpAnswer events(HttpRequest request) throws HttpProblem {
    CityQuery query = CityQuery.of(request);
    if (!watching.tryAcquire()) {
      throw new HttpProblem(
          503,
          "as many as this server lets watch do so already",
          "reload the page, or close it elsewhere",
          RETRY_AFTER);
    }
    EventStream events =
        new EventStream(
            () -> Sections.of(page.get(), query), bounds.interval, stop, watching::release);
    return new HttpAnswer(
        OK,
        Map.of("Content-Type", "text/event-stream", "Cache-Control", "no-store"),
        new HttpAnswer.Stream(events, bounds.longestWrite));
  }

  private static HttpAnswer safe(String mediaType, byte[] bytes) {
    return new HttpAnswer(
        OK,
        Map.of(
            "Content-Type",
            mediaType,
            "Content-Security-Policy",
            POLICY,
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Cache-Control",
            "no-store"),
        new HttpAnswer.Bytes(bytes));
  }

  private static byte[] resource(String name) {
    try (InputStream in = PageRoutes.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("this build lacks " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

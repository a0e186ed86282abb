package freshet.replicator.http;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the route of a request and runs its handler on a virtual thread, within the bounds. */
final class RoutingHandler extends Handler.Abstract.NonBlocking {
  private static final Logger LOG = LoggerFactory.getLogger(RoutingHandler.class);
  private static final String RETRY_AFTER_SECONDS = "1";

  /**
   * Files are sent as slowly as a cap or a peer wants. They leave one place of so many to what is
   * answered at once: searches, status, slaves' reports, load balancers.
   */
  private static final int RESERVED_SHARE = 4;

  private final List<Route> routes;
  private final Answering answering;
  private final ExecutorService threads;
  private final SlowestPeer slowest;
  private final SlowHeads heads;
  private final Semaphore atWork;
  private final Semaphore sending;
  private final Semaphore waiting;
  private final @Nullable TokenGuard tokens;

  RoutingHandler(
      List<Route> routes,
      Answering answering,
      ExecutorService threads,
      HttpOptions options,
      SlowHeads heads,
      @Nullable TokenGuard tokens) {
    this.routes = List.copyOf(routes);
    this.answering = answering;
    this.threads = threads;
    this.slowest = options.slowest();
    this.heads = heads;
    int most = options.maxAtWork();
    this.atWork = new Semaphore(most);
    this.sending = new Semaphore(Math.max(1, most - Math.ceilDiv(most, RESERVED_SHARE)));
    this.waiting = new Semaphore(options.maxWaiting());
    this.tokens = tokens;
  }

  private record Found(Route route, Map<String, String> parameters) {}

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    heads.began(request);
    Found found = find(request);
    List<Semaphore> places = places(found);
    if (!take(places)) {
      // Told by the thread that is here anyway: a flood costs no thread at all.
      HttpAnswer busy =
          HttpAnswer.error(
              503, "as many requests as this server takes are under way", "try again in a moment");
      answering.sendAtOnce(busy.with("Retry-After", RETRY_AFTER_SECONDS), response, callback);
      return true;
    }
    try {
      threads.execute(
          () -> {
            try {
              HttpAnswer answer = answer(found, request);
              try {
                answer(answer, request, response, callback);
              } finally {
                answer.transfer().close();
              }
            } finally {
              places.forEach(Semaphore::release);
            }
          });
    } catch (RejectedExecutionException e) {
      places.forEach(Semaphore::release);
      callback.failed(e);
    }
    return true;
  }

  /** What an answer takes one of each. */
  private List<Semaphore> places(@Nullable Found found) {
    if (found != null && found.route().waits()) {
      return List.of(waiting);
    }
    return found != null && found.route().sends() ? List.of(sending, atWork) : List.of(atWork);
  }

  /** All of them, or none. */
  private static boolean take(List<Semaphore> places) {
    for (int i = 0; i < places.size(); i++) {
      if (!places.get(i).tryAcquire()) {
        places.subList(0, i).forEach(Semaphore::release);
        return false;
      }
    }
    return true;
  }

  private @Nullable Found find(Request request) {
    for (Route route : routes) {
      Optional<Map<String, String>> match = match(route, request);
      if (match.isPresent() && route.answers(request.getMethod())) {
        return new Found(route, match.get());
      }
    }
    return null;
  }

  private static Optional<Map<String, String>> match(Route route, Request request) {
    return route.path().match(String.valueOf(request.getHttpURI().getPath()));
  }

  private HttpAnswer answer(@Nullable Found found, Request request) {
    if (tokens != null && (found == null || !found.route().isOpen())) {
      Optional<HttpAnswer> refusal =
          tokens.refusal(request.getHeaders().get(HttpHeader.AUTHORIZATION), isReading(request));
      if (refusal.isPresent()) {
        // A browser then asks the person for it.
        return isReading(request) && acceptsHtml(request)
            ? refusal.get().with("WWW-Authenticate", "Basic realm=\"freshet\", charset=\"UTF-8\"")
            : refusal.get();
      }
    }
    if (found == null) {
      return notFound(request);
    }
    try {
      return found.route().handler().handle(new HttpRequest(request, found.parameters(), slowest));
    } catch (HttpProblem e) {
      return e.answer();
    } catch (Exception e) {
      LOG.error("{} {} failed: {}", request.getMethod(), request.getHttpURI(), e, e);
      return HttpAnswer.error(500, "internal error: " + e, "see the log of this server");
    }
  }

  private static boolean isReading(Request request) {
    return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
  }

  private static boolean acceptsHtml(Request request) {
    String accept = request.getHeaders().get(HttpHeader.ACCEPT);
    return accept != null && accept.contains("text/html");
  }

  private HttpAnswer notFound(Request request) {
    String path = String.valueOf(request.getHttpURI().getPath());
    String allowed =
        routes.stream()
            .filter(route -> match(route, request).isPresent())
            .map(route -> route.method() == Route.Method.GET ? "GET, HEAD" : "POST")
            .distinct()
            .collect(Collectors.joining(", "));
    if (!allowed.isEmpty()) {
      return HttpAnswer.error(405, request.getMethod() + " " + path, "use " + allowed)
          .with("Allow", allowed);
    }
    String known =
        routes.stream()
            .map(route -> route.path().text())
            .distinct()
            .collect(Collectors.joining(" "));
    return HttpAnswer.error(404, "there is no " + path, "paths here: " + known);
  }

  private void answer(HttpAnswer answer, Request request, Response response, Callback callback) {
    try {
      answering.send(answer, request, response);
      callback.succeeded();
    } catch (NoSuchFileException e) {
      sendGone(request, response, callback, e);
    } catch (EofException e) {
      LOG.debug("{} went away: {}", Request.getRemoteAddr(request), e.getMessage());
      callback.failed(e);
    } catch (IOException | RuntimeException e) {
      LOG.warn(
          "{} {}: the answer broke off: {}",
          request.getMethod(),
          request.getHttpURI(),
          e.toString());
      callback.failed(e);
    }
  }

  private void sendGone(
      Request request, Response response, Callback callback, NoSuchFileException gone) {
    HttpAnswer answer =
        HttpAnswer.error(
            404,
            request.getHttpURI().getPath() + " was removed a moment ago",
            "read LATEST again and start from what it names");
    try {
      answering.send(answer, request, response);
      callback.succeeded();
    } catch (IOException | RuntimeException e) {
      e.addSuppressed(gone);
      callback.failed(e);
    }
  }
}

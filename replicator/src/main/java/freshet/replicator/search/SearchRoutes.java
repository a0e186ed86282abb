package freshet.replicator.search;

import freshet.replicator.http.HttpAnswer;
import freshet.replicator.http.HttpRequest;
import freshet.replicator.http.Route;
import freshet.replicator.search.SearchException.BadRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /search} and {@code GET /documents}. Both can be asked without HTTP, too: decoded
 * parameters in, a status and JSON-like values out.
 */
public final class SearchRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(SearchRoutes.class);
  private static final int OK = 200;

  private final SearchService service;
  private final ExecutorService workers;

  /**
   * Over this service.
   *
   * @param workers where searches over HTTP run. A handler's virtual thread only waits for them: a
   *     search never blocks, so a few long ones would keep every other handler from its turn.
   */
  public SearchRoutes(SearchService service, ExecutorService workers) {
    this.service = service;
    this.workers = workers;
  }

  /** The routes of a server. */
  public List<Route> routes() {
    return List.of(
        Route.get("/search", request -> run(request, this::search)),
        Route.get("/documents", request -> run(request, this::documents)));
  }

  private HttpAnswer run(HttpRequest request, Function<Map<String, List<String>>, Answer> question)
      throws ExecutionException, InterruptedException {
    Map<String, List<String>> parameters = request.queries();
    Answer answer = workers.submit(() -> question.apply(parameters)).get();
    return HttpAnswer.json(answer.status(), answer.body());
  }

  /**
   * An answer.
   *
   * @param status of HTTP
   * @param body see {@link SearchJson}; of a failure {@code error} and {@code fix}
   */
  public record Answer(int status, Map<String, Object> body) {}

  /** Answers {@code /search}; the parameters are those of {@link SearchParameters}. */
  public Answer search(Map<String, List<String>> parameters) {
    return answer(() -> SearchJson.of(service.search(SearchParameters.parse(parameters))));
  }

  /** Answers {@code /documents}: {@code city}, {@code after} and {@code size}. */
  public Answer documents(Map<String, List<String>> parameters) {
    return answer(
        () -> {
          DocumentParameters page = DocumentParameters.parse(parameters);
          return SearchJson.of(service.documents(page.city(), page.after(), page.size()));
        });
  }

  private interface Question {
    Map<String, Object> ask() throws SearchException;
  }

  private static Answer answer(Question question) {
    try {
      return new Answer(OK, question.ask());
    } catch (SearchException.Failed e) {
      LOG.error("{}", e.getMessage(), e);
      return new Answer(e.httpStatus(), SearchJson.of(e));
    } catch (SearchException e) {
      return new Answer(e.httpStatus(), SearchJson.of(e));
    }
  }

  /** What a walk over documents asks for. */
  private record DocumentParameters(String city, @Nullable String after, int size) {

    static DocumentParameters parse(Map<String, List<String>> parameters) throws BadRequest {
      List<String> cities = parameters.getOrDefault("city", List.of());
      if (cities.size() != 1
          || !List.of("city", "after", "size").containsAll(parameters.keySet())) {
        throw new BadRequest(
            "the request", parameters.keySet().toString(), "one city, and after and size");
      }
      List<String> after = parameters.getOrDefault("after", List.of());
      return new DocumentParameters(
          cities.getFirst(),
          after.isEmpty() ? null : after.getFirst(),
          SearchParameters.number(parameters, "size", 100));
    }
  }
}

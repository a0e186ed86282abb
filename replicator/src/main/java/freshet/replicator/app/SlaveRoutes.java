package freshet.replicator.app;

import freshet.replicator.http.HttpAnswer;
import freshet.replicator.http.HttpRequest;
import freshet.replicator.http.Route;
import freshet.replicator.search.SearchRoutes;
import freshet.replicator.snapshot.SnapshotCodec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a slave answers beside the files of its store. */
final class SlaveRoutes {
  private static final int OK = 200;
  private static final int NOT_READY = 503;
  private static final List<String> SEARCH_PARAMETERS =
      List.of("q", "city", "filter", "near", "sort", "highlight", "from", "size", "timeout");
  private static final List<String> DOCUMENT_PARAMETERS = List.of("city", "after", "size");

  private final SearchRoutes search;
  private final SlaveView view;
  private final SlaveMetrics metrics;

  SlaveRoutes(SearchRoutes search, SlaveView view, SlaveMetrics metrics) {
    this.search = search;
    this.view = view;
    this.metrics = metrics;
  }

  List<Route> all() {
    return List.of(
        Route.get("/search", this::search),
        Route.get("/documents", this::documents),
        Route.get("/status", unused -> HttpAnswer.json(OK, SnapshotCodec.write(view.status()))),
        Route.get("/healthz", unused -> HttpAnswer.json(OK, Map.of("alive", true))),
        Route.get("/readyz", unused -> ready()),
        Route.get("/metrics", unused -> HttpAnswer.metrics(metrics.scrape())));
  }

  private HttpAnswer search(HttpRequest request) {
    SearchRoutes.Answer answer = search.search(parameters(request, SEARCH_PARAMETERS));
    metrics.searched(answer.status());
    return HttpAnswer.json(answer.status(), answer.body());
  }

  private HttpAnswer documents(HttpRequest request) {
    SearchRoutes.Answer answer = search.documents(parameters(request, DOCUMENT_PARAMETERS));
    return HttpAnswer.json(answer.status(), answer.body());
  }

  private HttpAnswer ready() {
    Optional<String> whyNot = view.whyNotReady();
    return whyNot.isEmpty()
        ? HttpAnswer.json(OK, Map.of("ready", true))
        : HttpAnswer.json(NOT_READY, Map.of("ready", false, "reason", whyNot.get()));
  }

  private static Map<String, List<String>> parameters(HttpRequest request, List<String> names) {
    Map<String, List<String>> found = new TreeMap<>();
    for (String name : names) {
      List<String> values = request.queries(name);
      if (!values.isEmpty()) {
        found.put(name, values);
      }
    }
    return found;
  }
}

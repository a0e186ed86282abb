package freshet.replicator.app;

import freshet.replicator.alert.OpenIncidents;
import freshet.replicator.http.HttpAnswer;
import freshet.replicator.http.HttpProblem;
import freshet.replicator.http.HttpRequest;
import freshet.replicator.http.Route;
import freshet.replicator.page.PageRoutes;
import freshet.replicator.search.SearchRoutes;
import freshet.replicator.snapshot.SnapshotCodec;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What a slave answers beside the files of its store. */
final class SlaveRoutes {
  private static final int OK = 200;
  private static final int NOT_READY = 503;

  private final SearchRoutes search;
  private final SlaveView view;
  private final SlaveMetrics metrics;
  private final Supplier<OpenIncidents> incidents;
  private final PageRoutes page;

  SlaveRoutes(
      SearchRoutes search,
      SlaveView view,
      SlaveMetrics metrics,
      Supplier<OpenIncidents> incidents,
      PageRoutes page) {
    this.search = search;
    this.view = view;
    this.metrics = metrics;
    this.incidents = incidents;
    this.page = page;
  }

  List<Route> all() {
    List<Route> routes = new ArrayList<>();
    search.routes().forEach(route -> routes.add(counted(route)));
    routes.addAll(page.all(this::status));
    routes.add(
        Route.get(
            "/incidents", unused -> HttpAnswer.json(OK, SnapshotCodec.write(incidents.get()))));
    routes.add(Route.open("/healthz", unused -> HttpAnswer.json(OK, Map.of("alive", true))));
    routes.add(Route.open("/readyz", unused -> ready()));
    routes.add(Route.get("/metrics", unused -> HttpAnswer.metrics(metrics.scrape())));
    return routes;
  }

  private HttpAnswer status(HttpRequest request) throws HttpProblem {
    List<String> names = request.queries("city");
    return HttpAnswer.json(
        OK,
        SnapshotCodec.write(
            names.isEmpty()
                ? view.status()
                : view.status().withCities(CityArguments.asked(names, view.cityAges()))));
  }

  private Route counted(Route route) {
    return route.with(
        request -> {
          Timer.Sample search = metrics.searchBegins();
          HttpAnswer answer = route.handler().handle(request);
          metrics.searched(search, answer.status());
          return answer;
        });
  }

  private HttpAnswer ready() {
    Optional<String> whyNot = view.whyNotReady();
    return whyNot.isEmpty()
        ? HttpAnswer.json(OK, Map.of("ready", true))
        : HttpAnswer.json(NOT_READY, Map.of("ready", false, "reason", whyNot.get()));
  }
}

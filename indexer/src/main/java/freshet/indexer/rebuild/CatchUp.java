package freshet.indexer.rebuild;

import freshet.indexer.build.BuildException;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.build.CityOutcome;
import freshet.indexer.build.IndexedDocuments;
import freshet.indexer.route.CityBatch;
import freshet.indexer.route.RoutedBatch;
import freshet.indexer.route.Router;
import freshet.indexer.route.RoutingTable;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.ChangeBatch;
import freshet.indexer.source.ChangeSource;
import freshet.indexer.source.OverlapWindow;
import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Brings loaded indexes up to date with what changed while they were loaded: polls, routes and
 * applies as a cycle does, and publishes nothing. To apply something twice changes nothing, so that
 * it may begin again at any earlier position.
 */
final class CatchUp {
  private final ChangeSource source;
  private final CityIndexes cities;
  private final RoutingTable routes;
  private final IndexedDocuments stored;
  private final Selection selection;
  private SourcePosition position;
  private OverlapWindow window = OverlapWindow.UNSEEN;

  CatchUp(
      ChangeSource source,
      CityIndexes cities,
      RoutingTable routes,
      Selection selection,
      SourcePosition from) {
    this.source = source;
    this.cities = cities;
    this.routes = routes;
    this.stored = new IndexedDocuments(routes, cities);
    this.selection = selection;
    this.position = from;
  }

  /** Up to where everything is applied, durably. */
  SourcePosition position() {
    return position;
  }

  /** Polls once and applies it; whether everything up to the poll's start was read. */
  boolean step() throws SourceException, BuildException, IOException {
    Digest contents = cities.contents();
    if (!routes.contents().equals(Optional.of(contents))) {
      routes.rebuild(cities, position, contents);
    }
    ChangeBatch batch = source.poll(position, window, stored);
    RoutedBatch routed = Router.route(selection.changes(batch.changes()), routes, Set.of());
    apply(routed.first(), batch.to());
    apply(routed.second(Set.of()), batch.to());
    routes.update(routed.places(Set.of(), Set.of()), batch.to(), cities.contents());
    position = batch.to();
    window = batch.window();
    return batch.reachedEnd();
  }

  private void apply(SortedMap<City, CityBatch> batches, SourcePosition to) throws BuildException {
    for (var outcome : cities.apply(batches, city -> to).entrySet()) {
      switch (outcome.getValue()) {
        case CityOutcome.Committed done -> cities.release(done.commit());
        case CityOutcome.Unchanged same -> {}
        case CityOutcome.Failed failed ->
            throw new BuildException.WorkFailed(
                "city %s can't be caught up in the rebuild: %s; what is built so far stays, the same command goes on with it"
                    .formatted(outcome.getKey(), failed.cause()),
                failed.cause());
      }
    }
  }
}

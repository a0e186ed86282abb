package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.CityFolders;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.build.CityOutcome;
import freshet.indexer.rebuild.RebuildFolder;
import freshet.indexer.rebuild.RebuildState;
import freshet.indexer.rebuild.RebuildState.Phase;
import freshet.indexer.route.CityBatch;
import freshet.indexer.route.RoutedBatch;
import freshet.indexer.route.Router;
import freshet.indexer.route.RoutingTable;
import freshet.indexer.source.ChangeBatch;
import freshet.indexer.source.FakeChangeSource;
import freshet.indexer.source.OverlapWindow;
import freshet.indexer.source.StoredDocuments;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.RebuiltCities;
import freshet.replicator.snapshot.RebuiltCity;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SourcePosition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.random.RandomGeneratorFactory;

/** A rebuild that has read the whole table as it is now, made beside a master. */
final class ReadyRebuild {
  private ReadyRebuild() {}

  /** The same with a list of its files, by which slaves may have them first. */
  static RebuildState listed(
      Path root, FakeChangeSource source, IndexSchema schema, SortedSet<City> only)
      throws Exception {
    RebuildState state = make(root, source, schema, only);
    RebuildFolder folder = RebuildFolder.in(root.resolve("work"));
    CityFolders cities = new CityFolders(folder.cities());
    List<RebuiltCity> built = new ArrayList<>();
    for (Map.Entry<City, Incarnation> city : state.built().entrySet()) {
      built.add(
          new RebuiltCity(
              city.getKey(), city.getValue(), cities.segmentFiles(city.getKey(), Map.of())));
    }
    folder.write(new RebuiltCities(built));
    return state;
  }

  /**
   * Builds.
   *
   * @param root of the master
   * @param only the cities that are rebuilt; null: all
   */
  static RebuildState make(
      Path root, FakeChangeSource source, IndexSchema schema, SortedSet<City> only)
      throws Exception {
    RebuildFolder folder = RebuildFolder.in(root.resolve("work"));
    ChangeBatch all = source.poll(SourcePosition.START, OverlapWindow.UNSEEN, StoredDocuments.NONE);
    assertThat(all.reachedEnd()).isTrue();
    SortedMap<City, Incarnation> built = new TreeMap<>();
    try (CityIndexes cities =
            CityIndexes.open(
                folder.cities(),
                BuildOptions.of(2),
                schema,
                RandomGeneratorFactory.getDefault().create(source.polls()),
                new SystemTime());
        RoutingTable routes = RoutingTable.open(folder.routing())) {
      RoutedBatch routed = Router.route(all.changes(), routes, only == null ? Set.of() : only);
      Map<City, CityBatch> batches = new TreeMap<>(routed.first());
      if (only != null) {
        batches.keySet().retainAll(only);
      }
      for (CityOutcome outcome : cities.apply(batches, city -> all.to()).values()) {
        if (outcome instanceof CityOutcome.Committed done) {
          cities.release(done.commit());
        }
      }
      if (only == null) {
        routes.update(routed.places(Set.of(), Set.of()), all.to(), cities.contents());
      }
      cities.working().forEach((city, last) -> built.put(city, last.incarnation()));
      Files.write(folder.definition(), SnapshotCodec.write(schema));
      RebuildState state =
          new RebuildState(
              Phase.READY,
              Instant.EPOCH,
              cities.schemaDigest(),
              only,
              SourcePosition.START,
              List.of(),
              all.changes().size(),
              all.to(),
              built);
      folder.write(state);
      return state;
    }
  }
}

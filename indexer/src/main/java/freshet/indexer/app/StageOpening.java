package freshet.indexer.app;

import freshet.indexer.build.BuildException;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.config.IndexerConfig;
import freshet.indexer.quarantine.Quarantine;
import freshet.indexer.route.RoutingTable;
import freshet.indexer.schedule.Stages;
import freshet.indexer.session.ConnectGate;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.Sessions;
import freshet.indexer.source.FileSourceMemory;
import freshet.indexer.source.MySqlSource;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Opens the working indexes and the source of their changes.
 *
 * @param config of the master
 * @param routes open all the time, as are those that follow
 * @param publisher to the repository
 * @param repository that is published to
 * @param quarantine of rows
 * @param listener hears of connections to the database
 * @param random for new identities
 * @param time the clock
 * @param stop ends polls
 */
record StageOpening(
    IndexerConfig config,
    RoutingTable routes,
    SnapshotPublisher publisher,
    LocalRepository repository,
    Quarantine quarantine,
    SessionListener listener,
    RandomGenerator random,
    Time time,
    StopSignal stop)
    implements Stages.Opening {

  @Override
  public Stages open() throws IOException, BuildException {
    CityIndexes cities =
        CityIndexes.open(
            Master.citiesFolder(config), config.build(), config.schema(), random, time);
    try {
      return new Stages(source(), cities, routes, publisher, repository, List.of());
    } catch (IOException | RuntimeException e) {
      cities.close();
      throw e;
    }
  }

  private MySqlSource source() throws IOException {
    Sessions sessions =
        new Sessions(
            config.source().session(),
            new ConnectGate(config.source().session()),
            time,
            random,
            stop,
            listener);
    return new MySqlSource(
        config.source(),
        config.schema(),
        sessions,
        time,
        stop,
        quarantine,
        new FileSourceMemory(config.work().resolve("source.json")));
  }
}

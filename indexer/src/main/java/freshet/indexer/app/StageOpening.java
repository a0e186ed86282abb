package freshet.indexer.app;

import freshet.indexer.build.BuildException;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.config.Definition;
import freshet.indexer.config.IndexerConfig;
import freshet.indexer.quarantine.FileQuarantine;
import freshet.indexer.quarantine.Quarantine;
import freshet.indexer.rebuild.RebuildFolder;
import freshet.indexer.rebuild.RebuildState;
import freshet.indexer.route.RoutingTable;
import freshet.indexer.schedule.Stages;
import freshet.indexer.session.ConnectGate;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.Sessions;
import freshet.indexer.source.FileSourceMemory;
import freshet.indexer.source.MySqlSource;
import freshet.indexer.table.UnlistedRows;
import freshet.replicator.config.ConfigException;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the working indexes and the source of their changes, by the definition in use.
 *
 * @param file that the configuration was read from
 * @param config of the master
 * @param publisher to the repository, open all the time, as are those that follow
 * @param repository that is published to
 * @param quarantine of rows
 * @param listener hears of connections to the database
 * @param random for new identities
 * @param time the clock
 * @param stop ends polls
 */
record StageOpening(
    Path file,
    IndexerConfig config,
    SnapshotPublisher publisher,
    LocalRepository repository,
    Quarantine quarantine,
    SessionListener listener,
    RandomGenerator random,
    Time time,
    StopSignal stop)
    implements Stages.Opening {
  private static final Logger LOG = LoggerFactory.getLogger(StageOpening.class);

  @Override
  public Stages open() throws IOException, BuildException {
    takeOverQuarantine();
    IndexerConfig now = configured();
    Definition configured = now.definition();
    Definition used =
        new DefinitionInUse(config.work()).resolve(configured, publisher.current().orElse(null));
    IndexerConfig by = config.by(used);
    RoutingTable routes = RoutingTable.open(Master.routingFolder(config));
    @Nullable CityIndexes cities = null;
    try {
      cities = CityIndexes.open(Master.citiesFolder(by), now.build(), by.schema(), random, time);
      return new Stages(
          source(by),
          cities,
          routes,
          publisher,
          repository,
          DefinitionInUse.finding(used, configured).stream().toList());
    } catch (IOException | BuildException | RuntimeException e) {
      try (routes) {
        if (cities != null) {
          cities.close();
        }
      }
      throw e;
    }
  }

  /** Rows that a rebuild set aside would be forgotten with its folder. */
  private void takeOverQuarantine() throws IOException {
    Path theirs = RebuildFolder.in(config.work()).quarantine();
    if (Files.exists(theirs)) {
      FileQuarantine.look(theirs).forEach(entry -> quarantine.setAside(entry.row()));
      quarantine.save();
    }
  }

  /** By now: whoever rebuilt may have changed it since this process began. */
  private IndexerConfig configured() {
    try {
      return IndexerConfig.read(file, System.getenv());
    } catch (ConfigException e) {
      LOG.warn("{} has problems by now, and counts as it was read at the start", file, e);
      return config;
    }
  }

  private MySqlSource source(IndexerConfig by) throws IOException {
    Sessions sessions =
        new Sessions(
            by.source().session(),
            new ConnectGate(by.source().session()),
            time,
            random,
            stop,
            listener);
    FileSourceMemory memory = new FileSourceMemory(Master.sourceMemory(by));
    Optional<RebuildState> adopted = adopted();
    if (by.source().tombstones() == null
        && adopted.filter(state -> state.cities() != null).isPresent()) {
      // A row that vanished after the rebuild had read it is indexed again, whatever was known.
      memory.keep(memory.read().comparedAnew());
    }
    return new MySqlSource(
        by.source(),
        by.schema(),
        sessions,
        time,
        stop,
        quarantine,
        memory,
        adopted.isPresent() ? unlisted() : UnlistedRows.ofPolls());
  }

  /** The rebuild whose indexes are in their places, and which is not published yet. */
  private Optional<RebuildState> adopted() throws IOException {
    return RebuildFolder.in(config.work())
        .read()
        .filter(state -> state.phase() == RebuildState.Phase.SWITCHED);
  }

  /** A rebuild has read all rows; polls see few of them again. */
  private UnlistedRows unlisted() throws IOException {
    UnlistedRows unlisted = UnlistedRows.ofPolls();
    RebuildFolder.in(config.work()).unlisted().ifPresent(unlisted::goOn);
    return unlisted;
  }
}

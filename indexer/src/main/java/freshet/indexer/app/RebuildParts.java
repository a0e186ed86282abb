package freshet.indexer.app;

import freshet.indexer.build.BuildException;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.bulk.BulkLoad;
import freshet.indexer.bulk.BulkOptions;
import freshet.indexer.config.Definition;
import freshet.indexer.config.IndexerConfig;
import freshet.indexer.quarantine.FileQuarantine;
import freshet.indexer.quarantine.Quarantine;
import freshet.indexer.rebuild.Rebuild;
import freshet.indexer.rebuild.RebuildFolder;
import freshet.indexer.rebuild.RebuildMonitor;
import freshet.indexer.rebuild.RebuildStages;
import freshet.indexer.rebuild.RebuildTask;
import freshet.indexer.scan.ScanOptions;
import freshet.indexer.scan.SqlTableScan;
import freshet.indexer.scan.TableScan;
import freshet.indexer.session.ConnectGate;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.Sessions;
import freshet.indexer.source.ChangeSource;
import freshet.indexer.source.FileSourceMemory;
import freshet.indexer.source.MySqlSource;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.SortedSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a rebuild works with, as it is configured.
 *
 * @param config of the master
 * @param folder of the rebuild
 * @param isWhole whether all cities are built anew
 * @param quarantine of rows that can't become documents
 * @param gate that all connects of the process pass
 * @param listener hears of them
 * @param random for new identities
 * @param time the clock
 * @param stop ends reads and polls
 */
record RebuildParts(
    IndexerConfig config,
    RebuildFolder folder,
    boolean isWhole,
    Quarantine quarantine,
    ConnectGate gate,
    SessionListener listener,
    RandomGenerator random,
    Time time,
    StopSignal stop)
    implements RebuildStages {
  /** No other city waits to be published, so that a slow one need not be given up. */
  private static final Duration CITY_TIMEOUT = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(RebuildParts.class);

  /**
   * A rebuild in this process, which holds the folder's lock.
   *
   * @param cities to be built anew; null for all
   */
  static Rebuild rebuild(
      IndexerConfig config,
      RebuildFolder folder,
      @Nullable SortedSet<City> cities,
      RebuildMonitor monitor,
      SessionListener listener,
      Time time,
      StopSignal stop)
      throws IOException {
    RebuildParts parts =
        new RebuildParts(
            config,
            folder,
            cities == null,
            new FileQuarantine(folder.quarantine(), config.quarantine().maxBytes(), time),
            new ConnectGate(config.source().session()),
            listener,
            new SecureRandom(),
            time,
            stop);
    Definition definition = config.definition();
    RebuildTask task = new RebuildTask(cities, definition.schemaDigest(), definition.text());
    return new Rebuild(folder, task, parts, monitor, time);
  }

  @Override
  public TableScan scan() {
    return new SqlTableScan(
        new ScanOptions(config.source(), config.schema(), ScanOptions.DEFAULT_PATIENCE),
        this::sessions,
        time,
        stop,
        quarantine);
  }

  @Override
  public BulkLoad load() throws IOException {
    return BulkLoad.open(
        folder.cities(),
        BulkOptions.of(config.build(), Runtime.getRuntime().maxMemory()),
        config.schema(),
        random,
        rejected ->
            LOG.warn(
                "document {} is not indexed: {}",
                config.schema().keyCodec().show(rejected.key()),
                rejected.reason()));
  }

  @Override
  public ChangeSource source(SourcePosition begin) throws IOException {
    boolean isFirst = !Files.exists(folder.sourceMemory());
    FileSourceMemory memory = new FileSourceMemory(folder.sourceMemory());
    if (isFirst) {
      memory.keep(config.source().rememberedAt(begin, isWhole));
    }
    return new MySqlSource(
        config.source().toCatchUp(), config.schema(), sessions(), time, stop, quarantine, memory);
  }

  @Override
  public CityIndexes cities() throws BuildException {
    return CityIndexes.open(
        folder.cities(), config.build().giving(CITY_TIMEOUT), config.schema(), random, time);
  }

  private Sessions sessions() {
    return new Sessions(config.source().session(), gate, time, random, stop, listener);
  }
}

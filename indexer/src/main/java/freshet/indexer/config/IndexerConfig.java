package freshet.indexer.config;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.merge.MergeOptions;
import freshet.indexer.rebuild.RebuildLimits;
import freshet.indexer.source.SourceOptions;
import freshet.replicator.alert.AlertSettings;
import freshet.replicator.app.AlertsSection;
import freshet.replicator.app.CronKey;
import freshet.replicator.app.FlightSection;
import freshet.replicator.config.ConfigException;
import freshet.replicator.config.ConfigFile;
import freshet.replicator.config.ConfigSection;
import freshet.replicator.config.Durations;
import freshet.replicator.config.Made;
import freshet.replicator.config.ServerSettings;
import freshet.replicator.config.Sizes;
import freshet.replicator.flight.FlightOptions;
import freshet.replicator.gate.GateLimits;
import freshet.replicator.repository.Retention;
import freshet.replicator.snapshot.IndexSchema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * A master's configuration.
 *
 * @param name by which messages call this master
 * @param source what is polled, and how
 * @param schema the fields of the index and the type of its key
 * @param work the folder of the working indexes, the routing table and the daemon's own files
 * @param build how the working indexes are built and merged
 * @param rebuild how fast a rebuild may read
 * @param advertiseRebuilt how long rebuilt cities are announced to slaves, at most, before the
 *     master switches to them
 * @param repository where snapshots are published
 * @param buildCron when the daemon runs a cycle, as a Quartz cron expression
 * @param server where the daemon listens
 * @param metrics how much is told of each city
 * @param quarantine rows that can't become documents
 * @param freshness when what is served counts as stale
 * @param alerts how on-call is told
 * @param flight what recordings of failures may take of the disk
 */
public record IndexerConfig(
    String name,
    SourceOptions source,
    IndexSchema schema,
    Path work,
    BuildOptions build,
    RebuildLimits rebuild,
    Duration advertiseRebuilt,
    RepositorySettings repository,
    String buildCron,
    ServerSettings server,
    MetricsSettings metrics,
    QuarantineSettings quarantine,
    FreshnessSettings freshness,
    AlertSettings alerts,
    FlightOptions flight) {
  private static final String UNLIMITED = "unlimited";
  private static final long MEGABYTE = 1L << 20;
  private static final int MAX_THREADS = 256;

  private enum Compression {
    FAST,
    BEST
  }

  /**
   * The repository.
   *
   * @param folder where it is, on the same file system as the working indexes
   * @param retention which snapshots stay
   * @param fullManifestEvery a manifest that lists all cities comes at least this often
   * @param gate which cities are held
   */
  public record RepositorySettings(
      Path folder, Retention retention, int fullManifestEvery, GateLimits gate) {}

  /**
   * What is told of each city.
   *
   * @param perCity whether each city has series of its own, beside totals and shares
   */
  public record MetricsSettings(boolean perCity) {}

  /**
   * Rows that were set aside.
   *
   * @param file JSON lines
   * @param maxBytes beyond which the oldest are dropped
   */
  public record QuarantineSettings(Path file, long maxBytes) {}

  /**
   * What counts as fresh.
   *
   * @param limit how old what is served may be
   * @param expectChangeEvery how long the database may be without a change; null for however long
   */
  public record FreshnessSettings(Duration limit, @Nullable Duration expectChangeEvery) {}

  /**
   * Reads and checks a file.
   *
   * @throws ConfigException with all its problems
   */
  public static IndexerConfig read(Path file, Map<String, String> environment)
      throws ConfigException {
    ConfigFile open = ConfigFile.read(file, environment);
    return open.finish(make(open));
  }

  /** What makes documents of rows. */
  public Definition definition() {
    return new Definition(schema, source.table(), source.tombstones(), source.checks().diffEvery());
  }

  /** The same with documents made by another definition. */
  public IndexerConfig by(Definition definition) {
    return new IndexerConfig(
        name,
        source.of(definition.table(), definition.tombstones(), definition.diffEvery()),
        definition.schema(),
        work,
        build,
        rebuild,
        advertiseRebuilt,
        repository,
        buildCron,
        server,
        metrics,
        quarantine,
        freshness,
        alerts,
        flight);
  }

  /** Every key that is read, with {@code []} for a position in a list. */
  static SortedSet<String> keys(Path file, Map<String, String> environment) throws ConfigException {
    ConfigFile open = ConfigFile.read(file, environment);
    make(open);
    return open.askedKeys();
  }

  private static Made<IndexerConfig> make(ConfigFile file) {
    ConfigSection root = file.root();
    String name = root.text("name", "master");
    ConfigSection table = root.section("table");
    FieldsSection fields = FieldsSection.read(root, TableSection.keyColumns(table));
    Made<SourceOptions> source =
        SourceSection.read(root.section("source"), table, fields, CitiesKeys.read(root));
    ConfigSection index = root.section("index");
    Path work = index.path("folder", "data/index");
    Made<BuildOptions> build = build(index, MergeSection.read(root.section("merge")));
    ConfigSection rebuilds = root.section("rebuild");
    Made<RebuildLimits> rebuild = RebuildSection.read(rebuilds);
    Duration advertiseRebuilt = RebuildSection.advertiseAtMost(rebuilds);
    Made<RepositorySettings> repository =
        repository(root.section("repository"), GateSection.read(root.section("gate")));
    String cron = CronKey.read(root.section("schedule"), "build", "* * * * * ?");
    Made<ServerSettings> server = ServerSettings.read(root.section("server"), "127.0.0.1:8700");
    boolean perCity = root.section("metrics").flag("per_city", false);
    ConfigSection quarantine = root.section("quarantine");
    Path quarantineFile = quarantine.path("file", "data/quarantine.jsonl");
    long quarantineBytes = quarantine.size("max_size", 16L << 20, 1L << 10);
    ConfigSection freshness = root.section("freshness");
    Duration limit = freshness.timeout("limit", Duration.ofMinutes(5));
    Optional<Duration> expected =
        freshness.optional(
            "expect_change_every",
            "a duration above zero is expected, such as 1h",
            IndexerConfig::positive);
    Made<AlertSettings> alerts = AlertsSection.read(root.section("alerts"));
    Made<FlightOptions> flight = FlightSection.read(root.section("flight"));
    return root.make(
        () ->
            new IndexerConfig(
                name,
                source.get(),
                fields.schema().get(),
                work,
                build.get(),
                rebuild.get(),
                advertiseRebuilt,
                repository.get(),
                cron,
                server.get(),
                new MetricsSettings(perCity),
                new QuarantineSettings(quarantineFile, quarantineBytes),
                new FreshnessSettings(limit, expected.orElse(null)),
                alerts.get(),
                flight.get()));
  }

  private static Duration positive(String text) {
    return Durations.parse(text)
        .filter(Duration::isPositive)
        .orElseThrow(IllegalArgumentException::new);
  }

  private static Made<BuildOptions> build(ConfigSection index, Made<MergeOptions> merge) {
    BuildOptions otherwise = BuildOptions.of(Runtime.getRuntime().availableProcessors());
    int threads = index.number("threads", otherwise.threads(), 1, MAX_THREADS);
    int open = index.number("max_open_cities", otherwise.maxOpenCities(), 1, 10_000);
    long buffer = index.size("ram_buffer", otherwise.ramBufferMegabytes() * MEGABYTE, MEGABYTE);
    Compression compression = index.choice("compression", Compression.class, Compression.FAST);
    Duration cityTimeout = index.duration("city_timeout", otherwise.cityTimeout());
    return index.make(
        () ->
            new BuildOptions(
                threads,
                open,
                MergeSection.megabytes(buffer),
                compression == Compression.BEST,
                merge.get(),
                cityTimeout));
  }

  private static Made<RepositorySettings> repository(
      ConfigSection repository, Made<GateLimits> gate) {
    Path folder = repository.path("folder", "data/repository");
    int keepNewest =
        repository.number("keep_generations", Retention.DEFAULT.keepNewest(), 1, 1_000_000);
    Duration keepFor = repository.duration("keep_for", Retention.DEFAULT.keepFor());
    Duration keepHourly = repository.duration("keep_hourly", Retention.DEFAULT.keepHourly());
    Duration keepDaily = repository.duration("keep_daily", Retention.DEFAULT.keepDaily());
    Duration lease = repository.timeout("lease", Retention.DEFAULT.lease());
    long maxBytes =
        repository.parsed(
            "max_bytes",
            UNLIMITED,
            "a size of 1MB or more is expected, or unlimited",
            Retention.UNLIMITED,
            IndexerConfig::maxBytes);
    int fullEvery = repository.number("full_manifest_every", 50, 1, 10_000);
    return repository.make(
        () ->
            new RepositorySettings(
                folder,
                new Retention(keepNewest, keepFor, keepHourly, keepDaily, lease, maxBytes),
                fullEvery,
                gate.get()));
  }

  private static long maxBytes(String text) {
    if (text.equals(UNLIMITED)) {
      return Retention.UNLIMITED;
    }
    long bytes = Sizes.parse(text).orElseThrow(IllegalArgumentException::new);
    if (bytes < MEGABYTE) {
      throw new IllegalArgumentException();
    }
    return bytes;
  }
}

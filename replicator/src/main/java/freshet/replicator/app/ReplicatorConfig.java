package freshet.replicator.app;

import freshet.replicator.alert.AlertSettings;
import freshet.replicator.config.ConfigException;
import freshet.replicator.config.ConfigFile;
import freshet.replicator.config.ConfigSection;
import freshet.replicator.config.Made;
import freshet.replicator.config.Secret;
import freshet.replicator.config.ServerSettings;
import freshet.replicator.flight.FlightOptions;
import freshet.replicator.freshness.Canary;
import freshet.replicator.pull.PullOptions;
import freshet.replicator.pull.ReplayMode;
import freshet.replicator.remote.RemoteAccess;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.repository.Retention;
import freshet.replicator.search.SearchLimits;
import freshet.replicator.snapshot.CitySubset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A slave's configuration, or that of the verb serve.
 *
 * @param name by which the master knows this slave
 * @param remote where snapshots come from; null where only the verb serve is wanted
 * @param store where they are kept
 * @param pullCron when the daemon pulls, whatever it was told, as a Quartz cron expression
 * @param server where the daemon listens
 * @param search limits of a search
 * @param freshness when what is served counts as stale
 * @param metricsPerCity whether each city has a series of its own
 * @param alerts how on-call is told
 * @param flight what recordings of failures may take of the disk
 * @param repository the folder that the verb serve serves; null where only a slave is wanted
 */
record ReplicatorConfig(
    String name,
    @Nullable RemoteSettings remote,
    StoreSettings store,
    String pullCron,
    ServerSettings server,
    SearchLimits search,
    FreshnessSettings freshness,
    boolean metricsPerCity,
    AlertSettings alerts,
    FlightOptions flight,
    @Nullable Path repository) {
  /** As the server takes it for reports and leases, which are files there. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /**
   * A remote.
   *
   * @param url of the master, of another slave, or a folder
   * @param options how patient to be, without token and trust
   * @param token null if none is asked for
   * @param authorities PEM file of whom to trust; null for those that the JDK knows
   */
  record RemoteSettings(
      String url, RemoteOptions options, @Nullable Secret token, @Nullable Path authorities) {}

  /**
   * The store.
   *
   * @param folder where snapshots are kept
   * @param retention which of them
   * @param pull how they get there
   */
  record StoreSettings(Path folder, Retention retention, PullOptions pull) {}

  /**
   * What counts as fresh.
   *
   * @param limit the age above which this slave is stale
   * @param maxClockSkew how far this host's clock may be off while no master answers
   * @param canary the document that is searched for again and again; null for none
   */
  record FreshnessSettings(Duration limit, Duration maxClockSkew, @Nullable Canary canary) {}

  /**
   * Reads and checks a file.
   *
   * @throws ConfigException with all its problems
   */
  static ReplicatorConfig read(Path file, Map<String, String> environment) throws ConfigException {
    ConfigFile open = ConfigFile.read(file, environment);
    return open.finish(make(open.root()));
  }

  /** Every key that is read. */
  static SortedSet<String> keys(Path file, Map<String, String> environment) throws ConfigException {
    ConfigFile open = ConfigFile.read(file, environment);
    make(open.root());
    return open.askedKeys();
  }

  private static Made<ReplicatorConfig> make(ConfigSection root) {
    String name =
        root.parsed(
            "name",
            "slave",
            "1 to 64 letters, digits, '.', '_' or '-' are expected, a letter or digit first",
            "",
            ReplicatorConfig::name);
    boolean hasRepository = root.has("repository");
    Optional<Path> repository = root.section("repository").optionalPath("folder");
    if (hasRepository && repository.isEmpty()) {
      root.section("repository").problem("folder", "missing: a path is required");
    }
    boolean hasRemote = root.has("remote") || !hasRepository;
    Made<RemoteSettings> remote = hasRemote ? remote(root.section("remote")) : null;
    Made<StoreSettings> store =
        store(
            root.section("store"),
            hasRemote
                ? root.section("remote")
                    .number("parallel", PullOptions.DEFAULT.parallelFiles(), 1, 64)
                : PullOptions.DEFAULT.parallelFiles(),
            root.section("pull").choice("replay", ReplayMode.class, PullOptions.DEFAULT.replay()),
            CitySubset.of(root.section("pull").texts("cities")));
    String cron = CronKey.read(root.section("schedule"), "pull", "0/10 * * * * ?");
    Made<ServerSettings> server = ServerSettings.read(root.section("server"), "127.0.0.1:8701");
    Made<SearchLimits> search = search(root.section("search"));
    Made<FreshnessSettings> freshness = FreshnessSection.read(root.section("freshness"));
    boolean perCity = root.section("metrics").flag("per_city", false);
    Made<AlertSettings> alerts = AlertsSection.read(root.section("alerts"));
    Made<FlightOptions> flight = FlightSection.read(root.section("flight"));
    return root.make(
        () ->
            new ReplicatorConfig(
                name,
                remote == null ? null : remote.get(),
                store.get(),
                cron,
                server.get(),
                search.get(),
                freshness.get(),
                perCity,
                alerts.get(),
                flight.get(),
                repository.orElse(null)));
  }

  private static Made<RemoteSettings> remote(ConfigSection remote) {
    RemoteOptions otherwise = RemoteOptions.defaults();
    String url = remote.text("url");
    Optional<Secret> token = remote.optionalSecret("token");
    ConfigSection timeouts = remote.section("timeouts");
    Duration connect = timeouts.timeout("connect", otherwise.connectTimeout());
    Duration headers = timeouts.timeout("headers", otherwise.headerTimeout());
    Duration gap = timeouts.timeout("gap", otherwise.bodyGap());
    long rate = remote.size("min_rate", otherwise.minBytesPerSecond(), 1);
    Duration interval = remote.timeout("poll_interval", otherwise.pollInterval());
    boolean compresses = remote.flag("compression", otherwise.access().compresses());
    Optional<Path> authorities = remote.section("tls").optionalPath("authorities");
    return remote.make(
        () ->
            new RemoteSettings(
                url,
                new RemoteOptions(
                    connect,
                    headers,
                    gap,
                    rate,
                    interval,
                    RemoteAccess.DEFAULT.compressing(compresses)),
                token.orElse(null),
                authorities.orElse(null)));
  }

  private static Made<StoreSettings> store(
      ConfigSection store, int parallel, ReplayMode replay, CitySubset cities) {
    Path folder = store.path("folder", "data/slave");
    int keepNewest = store.number("keep_generations", 2, 2, 1_000_000);
    Duration keepFor = store.duration("keep_for", Duration.ZERO);
    long reserve = store.size("disk_reserve", PullOptions.DEFAULT.reserveBytes(), 0);
    return store.make(
        () ->
            new StoreSettings(
                folder,
                new Retention(keepNewest, keepFor),
                new PullOptions(parallel, reserve, replay, cities)));
  }

  private static Made<SearchLimits> search(ConfigSection search) {
    SearchLimits otherwise = SearchLimits.DEFAULT;
    int length = search.number("max_query_length", otherwise.maxQueryLength(), 1, 100_000);
    int filters = search.number("max_filters", otherwise.maxFilters(), 0, 1000);
    int size = search.number("max_hits", otherwise.maxSize(), 1, 100_000);
    int depth = search.number("max_depth", otherwise.maxDepth(), 1, 10_000_000);
    int counted = search.number("counted_hits", otherwise.countedHits(), 1, Integer.MAX_VALUE - 1);
    Duration timeout = search.timeout("timeout", otherwise.defaultTimeout());
    Duration longest = search.timeout("max_timeout", otherwise.maxTimeout());
    return search.make(
        () -> new SearchLimits(length, filters, size, depth, counted, timeout, longest));
  }

  /** Whether a slave can be called so. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  private static String name(String text) {
    if (!isName(text)) {
      throw new IllegalArgumentException();
    }
    return text;
  }
}

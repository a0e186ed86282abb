package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.alert.ConnectHistory;
import freshet.indexer.config.IndexerConfig;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.embedded.GrantsFile;
import freshet.replicator.command.Verb;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine;

/** A table of listings and the verbs of bin/indexer over it, in one folder. */
final class CityTable {
  private static final String PASSWORD = "only-for-tests";
  private static final Time TIME = new SystemTime();

  /** Before all that a poll or a sweep looks at. */
  static final String LONG_AGO = "2019-01-01";

  private static final String TOMBSTONES =
      "tombstones: {table: listing_deleted, key: [id],"
          + " version: {column: deleted_at, type: datetime(6)}}";

  private final DatabaseFixture database;
  final Path folder;

  /** What a verb did. */
  record Run(int exitCode, String out, String err) {}

  private CityTable(DatabaseFixture database, Path folder) {
    this.database = database;
    this.folder = folder;
  }

  static CityTable create(DatabaseFixture database, Path folder) throws Exception {
    CityTable table = new CityTable(database, folder);
    table.sql(
        """
        CREATE TABLE listing (
          id BIGINT NOT NULL PRIMARY KEY, city VARCHAR(300) CHARACTER SET utf8mb4 NULL,
          title VARCHAR(200), updated_at DATETIME(6) NOT NULL,
          KEY by_version (updated_at, id))""",
        """
        CREATE TABLE listing_deleted (
          id BIGINT NOT NULL, deleted_at DATETIME(6) NOT NULL, PRIMARY KEY (deleted_at, id))""");
    for (String grant :
        new GrantsFile(
                "'freshet'@'127.0.0.1'", PASSWORD, database.schema(), "listing", "listing_deleted")
            .statements(Path.of(System.getProperty("freshet.home", "..")))) {
      table.sql(grant);
    }
    table.configure(TOMBSTONES, "");
    return table;
  }

  /** Writes the configuration with its tombstones, and these lines at its end. */
  void configure(String more) throws IOException {
    configure(TOMBSTONES, more);
  }

  /** Writes the configuration, with these lines at the end of the table's and at its own. */
  void configure(String ofTable, String more) throws IOException {
    Files.writeString(
        folder.resolve("indexer.yaml"),
        """
        source:
          endpoints: [{host: 127.0.0.1, port: %d}]
          database: %s
          user: freshet
          password: %s
          lag: {from: not_replicated}
          max_rows_per_cycle: 5000
        table:
          name: listing
          key: [{column: id, type: bigint}]
          version: {column: updated_at, type: datetime(6)}
          city: city
          %s
        fields: [{name: title, type: text}]
        server: {listen: "127.0.0.1:0"}
        %s
        """
            .formatted(
                database.pair().source().port(), database.schema(), PASSWORD, ofTable, more));
  }

  void sql(String... statements) throws SQLException {
    try (Connection connection = database.source();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** A row that is stamped now. */
  void insert(long id, String city) throws SQLException {
    try (Connection connection = database.source();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO listing VALUES (?, ?, 'title', UTC_TIMESTAMP(6))")) {
      insert.setLong(1, id);
      insert.setString(2, city);
      insert.execute();
    }
  }

  /** Runs a verb of bin/indexer. */
  Run indexer(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        IndexerMain.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", folder.resolve("indexer.yaml").toString()));
    int code = Verb.run(line, new IndexerFailures(), all.toArray(String[]::new));
    return new Run(code, out.toString(), err.toString());
  }

  /** Runs a cycle, which has to succeed. */
  void build() {
    Run run = indexer("build");
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
  }

  /** Documents of each published city, by its name. */
  Map<String, Long> published() throws IOException {
    SortedMap<String, Long> documents = new TreeMap<>();
    for (CityEntry entry : repository().latestSnapshot().orElseThrow().cities().values()) {
      documents.put(entry.city().name(), entry.documents());
    }
    return documents;
  }

  LocalRepository repository() {
    return new LocalRepository(new RepositoryLayout(folder.resolve("data/repository")));
  }

  /** The working index of a city. */
  Path working(String city) {
    return folder.resolve("data/index/cities").resolve(new City(city).folder());
  }

  /** A daemon in this process, which runs a cycle every second. */
  Daemon start() throws Exception {
    Path file = folder.resolve("indexer.yaml");
    IndexerConfig config = IndexerConfig.read(file, Map.of());
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    DatabaseMetrics metrics = new DatabaseMetrics(config.source().session().endpoints(), registry);
    StopSignal stop = new StopSignal();
    ConnectHistory connects = new ConnectHistory(metrics);
    Master master = Master.open(file, config, "run", connects, TIME, stop);
    MasterMetrics masterMetrics =
        new MasterMetrics(registry, metrics, () -> master.publisher().current().orElse(null));
    return new Daemon(
        master,
        masterMetrics,
        new MasterDaemon(config, file, master, masterMetrics, connects, TIME, stop),
        stop);
  }

  /** What runs of it. */
  record Daemon(Master master, MasterMetrics metrics, MasterDaemon daemon, StopSignal stop)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      stop.request();
      daemon.close();
      metrics.close();
      master.close();
    }
  }
}

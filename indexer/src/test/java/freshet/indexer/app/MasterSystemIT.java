package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import freshet.indexer.connect.FaultyProxy;
import freshet.indexer.connect.FaultyProxy.Fault;
import freshet.indexer.connect.FaultyProxy.Point;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.embedded.GrantsFile;
import freshet.indexer.embedded.Signals;
import freshet.replicator.command.DaemonFile;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A master's process: what signals do to it in mid-query, and what it measures of handshakes. */
@Timeout(180)
class MasterSystemIT {
  private static final String PASSWORD = "only-for-tests";
  private static final Time TIME = new SystemTime();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Point READING = Point.answerTo("FROM `listing`", 0);

  /** Those that are new: the row that was loaded is read again by a query of its own. */
  private static final Point READING_ROWS = Point.answerTo("`id` IN (2,", 0);

  private static final Pattern METRIC = Pattern.compile("(?<=^# TYPE )freshet_\\w+");

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path folder;

  private int connectsBefore;

  private FaultyProxy proxy;
  private Process master;

  @BeforeEach
  void tableAccountAndConfiguration() throws Exception {
    proxy = new FaultyProxy(database.pair().source().port());
    Path home = Path.of(System.getProperty("freshet.home", ".."));
    try (Connection root = database.source();
        Statement statement = root.createStatement()) {
      statement.execute(
          """
          CREATE TABLE listing (
            id BIGINT NOT NULL PRIMARY KEY, city VARCHAR(100) NOT NULL, title VARCHAR(200),
            updated_at DATETIME(6) NOT NULL, KEY by_version (updated_at, id))""");
      statement.execute(
          "CREATE TABLE listing_deleted (id BIGINT NOT NULL, deleted_at DATETIME(6) NOT NULL,"
              + " PRIMARY KEY (deleted_at, id))");
      statement.execute("INSERT INTO listing VALUES (1, 'sfbay', 'sunny', UTC_TIMESTAMP(6))");
      for (String grant :
          new GrantsFile(
                  "'freshet'@'127.0.0.1'",
                  PASSWORD,
                  database.schema(),
                  "listing",
                  "listing_deleted")
              .statements(home)) {
        statement.execute(grant);
      }
    }
    Files.writeString(
        folder.resolve("indexer.yaml"),
        """
        source:
          endpoints: [{host: 127.0.0.1, port: %d}]
          database: %s
          user: freshet
          password: %s
          lag: {from: not_replicated}
        table:
          name: listing
          key: [{column: id, type: bigint}]
          version: {column: updated_at, type: datetime(6)}
          city: city
          tombstones:
            table: listing_deleted
            key: [id]
            version: {column: deleted_at, type: datetime(6)}
        fields: [{name: title, type: text}]
        server: {listen: "127.0.0.1:0", yield_to_database: false}
        """
            .formatted(proxy.endpoint().port(), database.schema(), PASSWORD));
    StringWriter talk = new StringWriter();
    String file = folder.resolve("indexer.yaml").toString();
    assertThat(IndexerMain.run(new PrintWriter(talk), "build", "--config", file))
        .as(talk.toString())
        .isZero();
    connectsBefore = proxy.accepted();
  }

  @AfterEach
  void end() throws Exception {
    if (master != null) {
      master.destroyForcibly().waitFor();
    }
    proxy.close();
  }

  private void startInMidQuery() throws Exception {
    startInMidQuery(Fault.STALL, READING);
  }

  private void startInMidQuery(Fault fault, Point point) throws Exception {
    proxy.spoil(fault, point, 1);
    master =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dfreshet.home=" + System.getProperty("freshet.home", ".."),
                "-DFRESHET_LOG=" + folder,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                IndexerMain.class.getName(),
                "run",
                "--config",
                folder.resolve("indexer.yaml").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("talk").toFile())
            .start();
    proxy.awaitFault();
  }

  private interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  private void await(Condition condition) throws Exception {
    long start = TIME.nanoTime();
    while (!condition.holds()) {
      assertThat(master.isAlive()).as(Files.readString(folder.resolve("talk"))).isTrue();
      assertThat(TIME.since(start))
          .as(Files.readString(folder.resolve("talk")))
          .isLessThan(PATIENCE);
      TIME.sleep(Duration.ofMillis(50));
    }
  }

  private String get(String path) throws IOException, InterruptedException {
    URI url = new DaemonFile(folder.resolve("data/index")).read().orElseThrow().url();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(url.resolve(path)).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  void signalsInMidQueryChangeNothingButTheLogFile() throws Exception {
    assumeFalse(Signals.isIgnored("HUP"));
    startInMidQuery();
    Path log = folder.resolve("freshet.log");
    await(() -> Files.exists(log));
    Files.move(log, folder.resolve("rotated.log"));
    Signals.send("WINCH", master.toHandle());
    Signals.send("HUP", master.toHandle());
    await(() -> Files.exists(log) && Files.readString(log).contains("opened anew"));

    proxy.heal();
    // The poll counts when its cycle is over; its documents are published before that.
    await(() -> get("/metrics").contains("freshet_retries_total"));
    assertThat(get("/metrics"))
        .contains("freshet_documents 1.0")
        .contains("freshet_connects_total 1.0")
        .contains("freshet_retries_total 0.0");
  }

  @Test
  void terminationEndsAStalledReadWithinTenSeconds() throws Exception {
    assumeFalse(Signals.isIgnored("TERM"));
    startInMidQuery();
    Signals.send("TERM", master.toHandle());
    assertThat(master.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(master.exitValue()).as(Files.readString(folder.resolve("talk"))).isZero();
  }

  @Test
  void terminationLetsThePageEndAndPublishesIt() throws Exception {
    assumeFalse(Signals.isIgnored("TERM"));
    try (Connection root = database.source();
        Statement statement = root.createStatement()) {
      for (int id = 2; id <= 150; id++) {
        statement.execute(
            "INSERT INTO listing VALUES (%d, 'sfbay', REPEAT('x', 200), UTC_TIMESTAMP(6))"
                .formatted(id));
      }
    }
    startInMidQuery(Fault.SLOW, READING_ROWS);
    Signals.send("TERM", master.toHandle());
    assertThat(master.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(master.exitValue()).as(Files.readString(folder.resolve("talk"))).isZero();
    assertThat(
            new LocalRepository(new RepositoryLayout(folder.resolve("data/repository")))
                .latestSnapshot())
        .get()
        .extracting(Snapshot::documents)
        .isEqualTo(150L);
    assertThat(proxy.accepted() - connectsBefore).isEqualTo(1);
  }

  @Test
  void everyMetricIsDocumented() throws Exception {
    startInMidQuery();
    proxy.heal();
    // The last one that a cycle brings; those before it come one by one.
    await(() -> get("/metrics").contains("freshet_diff_found_total"));
    String documented =
        Files.readString(
            Path.of(System.getProperty("freshet.home", "..")).resolve("docs/configuration.md"));
    Set<String> names = new TreeSet<>();
    get("/metrics")
        .lines()
        .map(METRIC::matcher)
        .filter(Matcher::find)
        .forEach(type -> names.add(type.group().replaceFirst("_max$", "")));
    assertThat(names).hasSizeGreaterThan(40).allMatch(name -> isDocumented(name, documented));
  }

  /** Those of cities are documented by what they begin with. */
  private static boolean isDocumented(String name, String documented) {
    return Stream.of("freshet_city_", "freshet_working_").anyMatch(name::startsWith)
        || documented.contains("`" + name + "`")
        || documented.contains("`" + name + "{");
  }

  @Test
  void handshakesAreMeasuredByPhaseAndFailuresByClass() throws Exception {
    startInMidQuery();
    proxy.heal();
    String endpoint = "endpoint=\"" + proxy.endpoint() + "\"";
    await(() -> get("/metrics").contains("freshet_endpoint_polled{" + endpoint + "} 1.0"));
    // Which is told before the poll is counted.
    await(() -> get("/metrics").contains("freshet_poll_queries_total"));
    String metrics = get("/metrics");
    for (String phase : List.of("resolve", "tcp", "greeting", "authentication", "session")) {
      assertThat(metrics)
          .contains(
              "freshet_handshake_phase_seconds_count{%s,phase=\"%s\"} 1".formatted(endpoint, phase))
          .contains(
              "freshet_handshake_phase_seconds_bucket{%s,phase=\"%s\",le=\"0.001\"}"
                  .formatted(endpoint, phase));
    }
    assertThat(metrics)
        .contains("freshet_replica_lag_seconds 0.0")
        .contains("freshet_poll_queries");

    // In this order: a poll in between would connect again before anything is spoilt.
    proxy.spoil(Fault.CUT, Point.GREETING, 1);
    proxy.resetOpen();
    await(
        () ->
            get("/metrics")
                .contains(
                    "freshet_source_failures_total{class=\"HandshakeLost\",during=\"greeting\","
                        + endpoint
                        + "} 1.0"));
    await(
        () ->
            get("/metrics")
                .contains(
                    "freshet_handshake_phase_seconds_count{%s,phase=\"greeting\"} 2"
                        .formatted(endpoint)));
  }
}

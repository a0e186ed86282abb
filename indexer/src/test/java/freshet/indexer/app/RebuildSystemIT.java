package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.embedded.GrantsFile;
import freshet.indexer.embedded.Signals;
import freshet.indexer.rebuild.RebuildFolder;
import freshet.replicator.command.Json;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Rebuilds in processes of their own, killed, stopped, and beside a daemon. */
@Timeout(300)
class RebuildSystemIT {
  private static final String PASSWORD = "only-for-tests";
  private static final int ROWS = 20_000;
  private static final int CITIES = 4;

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path folder;

  private final List<Process> processes = new ArrayList<>();
  private Connection root;

  @BeforeEach
  void tableAccountAndConfiguration() throws Exception {
    root = database.source();
    execute(
        """
        CREATE TABLE listing (
          id BIGINT NOT NULL PRIMARY KEY, city VARCHAR(100) NOT NULL, title VARCHAR(200),
          updated_at DATETIME(6) NOT NULL, KEY by_version (updated_at, id))""",
        "CREATE TABLE listing_deleted (id BIGINT NOT NULL, deleted_at DATETIME(6) NOT NULL,"
            + " PRIMARY KEY (deleted_at, id))");
    for (int from = 0; from < ROWS; from += 2_000) {
      StringBuilder values = new StringBuilder();
      for (int id = from; id < from + 2_000; id++) {
        values
            .append(values.isEmpty() ? "" : ",")
            .append("(%d, 'c%d', 't%d', '2026-01-01 00:00:00')".formatted(id, id % CITIES, id));
      }
      execute("INSERT INTO listing VALUES " + values);
    }
    execute("ANALYZE TABLE listing");
    Path home = Path.of(System.getProperty("freshet.home", ".."));
    for (String grant :
        new GrantsFile(
                "'freshet'@'127.0.0.1'", PASSWORD, database.schema(), "listing", "listing_deleted")
            .statements(home)) {
      execute(grant);
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
          page_rows: 200
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
        rebuild: {threads: 2}
        server: {listen: "127.0.0.1:0"}
        """
            .formatted(database.pair().source().port(), database.schema(), PASSWORD));
  }

  @AfterEach
  void end() throws Exception {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    root.close();
  }

  @Test
  void killedAtSixtyPercentTheNextOneReadsTheRestAlone() throws Exception {
    Process killed = start("rebuild", "--all", "--json", "--max-rows-per-second", "4000");
    awaitLine(killed, line -> line.path("rows").asLong() >= ROWS * 6 / 10);
    killed.destroyForcibly().waitFor();

    long before = rowsRead();
    Process resumed = start("rebuild", "--all");
    assertThat(resumed.waitFor()).as(talk()).isZero();

    assertThat(rowsRead() - before).isLessThan(ROWS * 45 / 100);
    assertThat(talk()).contains("all cities: goes on with the rebuild of");
    assertThat(published()).isEqualTo(table());
    assertThat(RebuildFolder.in(folder.resolve("data/index")).read()).isEmpty();
  }

  @Test
  void killedAnywhereAgainAndAgainItEndsEqualToTheTable() throws Exception {
    assertThat(run("build")).as(talk()).isZero();
    Random random = new Random(11);
    for (int kill = 0; kill < 4; kill++) {
      Process killed = start("rebuild", "--all", "--json", "--max-rows-per-second", "10000");
      int lines = 1 + random.nextInt(3);
      for (int line = 0; line < lines && killed.isAlive(); line++) {
        String unused = killed.inputReader(StandardCharsets.UTF_8).readLine();
      }
      killed.destroyForcibly().waitFor();
      execute(
          "UPDATE listing SET city = 'm%d', updated_at = UTC_TIMESTAMP(6) WHERE id %% 100 = %d"
              .formatted(kill, kill));
    }
    assertThat(run("rebuild", "--all")).as(talk()).isZero();
    assertThat(published()).isEqualTo(table());
  }

  @Test
  void terminatedItEndsWithinTenSecondsAndGoesOnLater() throws Exception {
    assumeFalse(Signals.isIgnored("TERM"));
    Process stopped = start("rebuild", "--all", "--json", "--max-rows-per-second", "1000");
    awaitLine(stopped, line -> line.path("rows").asLong() > 0);
    Signals.send("TERM", stopped.toHandle());
    assertThat(stopped.waitFor(10, TimeUnit.SECONDS)).as(talk()).isTrue();
    assertThat(stopped.exitValue()).as(talk()).isEqualTo(75);
    assertThat(talk()).contains("stopped; what was read is kept: go on with bin/indexer rebuild");

    assertThat(run("rebuild", "--all")).as(talk()).isZero();
    assertThat(published()).isEqualTo(table());
  }

  @Test
  void besideADaemonItIsTheDaemonThatSwitches() throws Exception {
    assertThat(run("build")).as(talk()).isZero();
    Process daemon = start("run");
    Process rebuild = start("rebuild", "--all", "--json", "--max-rows-per-second", "200");
    JsonNode slow = awaitLine(rebuild, line -> line.path("rows").asLong() > 0);
    assertThat(slow.path("phase").asText()).isEqualTo("READING");
    assertThat(awaitLine(rebuild, line -> line.hasNonNull("waitsFor")).path("waitsFor").asText())
        .isEqualTo("200 rows/s are allowed");
    execute(
        "UPDATE listing SET title = 'meanwhile', updated_at = UTC_TIMESTAMP(6) WHERE id % 1000 = 7",
        "UPDATE listing SET city = 'new', updated_at = UTC_TIMESTAMP(6) WHERE id % 1000 = 8",
        "INSERT INTO listing_deleted SELECT id, UTC_TIMESTAMP(6) FROM listing WHERE id % 1000 = 9",
        "DELETE FROM listing WHERE id % 1000 = 9");
    assertThat(run("status")).as(talk()).isZero();
    assertThat(talk()).contains("rebuild of all cities since").contains("reading: ");
    assertThat(run("rebuild", "--all")).as(talk()).isEqualTo(80);

    assertThat(run("rebuild", "--limits", "--max-rows-per-second", "unlimited"))
        .as(talk())
        .isZero();
    JsonNode last = awaitLine(rebuild, line -> line.path("kind").asText().equals("published"));
    assertThat(rebuild.waitFor()).as(talk()).isZero();
    assertThat(daemon.isAlive()).isTrue();
    assertThat(last.path("documents").asLong())
        .isEqualTo(table().values().stream().mapToLong(n -> n).sum());
    assertThat(published()).isEqualTo(table());
  }

  private int run(String... arguments) throws Exception {
    return start(arguments).waitFor();
  }

  /** Starts a verb; its standard output is read by the test, what it says goes to a file. */
  private Process start(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dfreshet.home=" + System.getProperty("freshet.home", ".."),
                "-DFRESHET_LOG=" + folder,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                IndexerMain.class.getName()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--config", folder.resolve("indexer.yaml").toString()));
    ProcessBuilder.Redirect talk =
        ProcessBuilder.Redirect.appendTo(folder.resolve("talk").toFile());
    boolean isRead = List.of(arguments).contains("--json");
    Process process =
        new ProcessBuilder(command)
            .redirectError(talk)
            .redirectOutput(isRead ? ProcessBuilder.Redirect.PIPE : talk)
            .start();
    processes.add(process);
    return process;
  }

  private JsonNode awaitLine(Process process, Predicate<JsonNode> condition) throws Exception {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      JsonNode parsed = Json.parse(line);
      if (condition.test(parsed)) {
        return parsed;
      }
    }
    throw new AssertionError("it ended too early: " + talk());
  }

  private String talk() throws IOException {
    Path talk = folder.resolve("talk");
    return Files.exists(talk) ? Files.readString(talk) : "";
  }

  /** Rows that the server has read by any of its indexes, or by none. */
  private long rowsRead() throws SQLException {
    long sum = 0;
    try (Statement statement = root.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SHOW GLOBAL STATUS WHERE Variable_name IN ('Handler_read_next',"
                    + " 'Handler_read_rnd_next', 'Handler_read_prev', 'Handler_read_key')")) {
      while (row.next()) {
        sum += row.getLong(2);
      }
    }
    return sum;
  }

  private SortedMap<City, Long> published() throws IOException {
    LocalRepository repository =
        new LocalRepository(new RepositoryLayout(folder.resolve("data/repository")));
    Snapshot snapshot = repository.snapshot(repository.latest().orElseThrow());
    SortedMap<City, Long> documents = new TreeMap<>();
    snapshot.cities().forEach((city, entry) -> documents.put(city, entry.documents()));
    return documents;
  }

  private SortedMap<City, Long> table() throws SQLException {
    SortedMap<City, Long> rows = new TreeMap<>();
    try (Statement statement = root.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT city, COUNT(*) FROM listing GROUP BY city")) {
      while (row.next()) {
        rows.put(new City(row.getString(1)), row.getLong(2));
      }
    }
    return rows;
  }

  private void execute(String... statements) throws SQLException {
    try (Statement statement = root.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}

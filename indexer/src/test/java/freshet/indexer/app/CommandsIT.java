package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.embedded.GrantsFile;
import freshet.replicator.command.Verb;
import freshet.replicator.files.ProcessLock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The verbs of bin/indexer on a real database, as cron would run them. */
class CommandsIT {
  private static final String PASSWORD = "only-for-tests";

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path folder;

  private record Run(int exitCode, String out, String err) {}

  @BeforeEach
  void tableAccountAndConfiguration() throws SQLException, IOException {
    sql(
        """
        CREATE TABLE listing (
          id BIGINT NOT NULL PRIMARY KEY, city VARCHAR(100) NOT NULL, title VARCHAR(200),
          updated_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
            ON UPDATE CURRENT_TIMESTAMP(6),
          KEY by_version (updated_at, id))""",
        """
        CREATE TABLE listing_deleted (
          id BIGINT NOT NULL, deleted_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
          PRIMARY KEY (deleted_at, id))""",
        "INSERT INTO listing (id, city, title) VALUES (1, 'sfbay', 'sunny flat'),"
            + " (2, 'chicago', 'dark cellar')");
    for (String grant : grants()) {
      sql(grant);
    }
    configure(PASSWORD);
  }

  @Test
  void theDatabaseHasWhatTheConfigurationSays() {
    Run run = indexer("check-config");
    assertThat(run.out()).contains("no problems");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void aTableThatIsMissingIsAFinding() throws SQLException {
    sql("DROP TABLE listing_deleted");
    assertThat(indexer("check-config").exitCode()).isEqualTo(1);
  }

  @Test
  void whyNoServerCanBeCheckedIsAFindingAndTheExitCode() throws IOException {
    configure("wrong");
    Run denied = indexer("check-config");
    assertThat(denied.out()).contains("the server can't be checked: found", "conf/grants.sql");
    assertThat(denied.exitCode()).isEqualTo(77);

    Path file = folder.resolve("indexer.yaml");
    int closed;
    try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = nobody.getLocalPort();
    }
    Files.writeString(file, Files.readString(file).replaceFirst("port: [0-9]+", "port: " + closed));
    Run down = indexer("check-config");
    assertThat(down.out()).contains("the server can't be checked: found", "bin/indexer doctor");
    assertThat(down.exitCode()).isEqualTo(69);
    Run document = indexer("explain", "1");
    assertThat(document.out()).contains("the table can't be asked", "next: bin/indexer doctor");
    assertThat(document.exitCode()).isEqualTo(69);
  }

  @Test
  void offlineTheDatabaseIsNotAsked() throws IOException {
    configure("wrong");
    assertThat(indexer("check-config", "--offline").exitCode()).isZero();
  }

  @Test
  void theDoctorNamesWhatChangedSinceAGoodDay() throws IOException {
    Path saved = folder.resolve("good-day.json");
    Run first = indexer("doctor", "--samples", "3", "--save", saved.toString());
    assertThat(first.err()).contains("connecting 3 times", "saved in " + saved);
    assertThat(first.out()).contains("3 of 3 connects made").doesNotContain(PASSWORD);
    assertThat(first.exitCode()).isEqualTo(first.out().contains("no findings") ? 0 : 1);
    assertThat(Files.readString(saved)).doesNotContain(PASSWORD);

    Files.writeString(
        saved,
        Files.readString(saved)
            .replaceFirst("\"max_connections\" : \"[0-9]+\"", "\"max_connections\" : \"7\""));
    Run second = indexer("doctor", "--samples", "1", "--compare", saved.toString());
    assertThat(second.out()).contains("max_connections: was 7, is ");
    assertThat(indexer("doctor", "--samples", "1", "--json").out()).contains("\"format\" : 1");
  }

  @Test
  void aServerThatRefusesIsAFindingOfTheDoctor() throws IOException {
    configure("wrong");
    Run run = indexer("doctor");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("[configuration]", "AccessDenied", "the other 17");
  }

  @Test
  void aFileThatIsNoReportIsAMistakeOfTheArguments() throws IOException {
    List<String> files = new ArrayList<>(List.of(folder.resolve("absent.json").toString()));
    for (String text :
        List.of(
            "",
            "null",
            "[]",
            "{",
            "{\"format\": 99}",
            "{\"format\": 1}",
            "{\"format\": 1, \"at\": \"2026-01-01T00:00:00Z\", \"endpoints\": [], \"findings\": []}")) {
      Path file = folder.resolve(files.size() + ".json");
      files.add(Files.writeString(file, text).toString());
    }
    for (String named : files) {
      Run run = indexer("doctor", "--compare", named);
      assertThat(run.exitCode()).isEqualTo(78);
      assertThat(run.err()).contains("--compare " + named + " can't be read as a report");
    }
    Path nowhere = folder.resolve("no-such-folder").resolve("good-day.json");
    Run unsaved = indexer("doctor", "--save", nowhere.toString());
    assertThat(unsaved.exitCode()).isEqualTo(78);
    assertThat(unsaved.err())
        .contains("--save " + nowhere + " can't be written")
        .doesNotContain("connecting");
    assertThat(indexer("doctor", "--samples", "0").exitCode()).isEqualTo(2);
    assertThat(indexer("doctor", "--save", "a", "--compare", "b").exitCode()).isEqualTo(2);
  }

  @Test
  void aWrongPasswordHasItsOwnCode() throws IOException {
    configure("wrong");
    Run run = indexer("build");
    assertThat(run.exitCode()).isEqualTo(77);
    assertThat(run.err()).doesNotContain("wrong");
  }

  @Test
  void aBuildPublishesAndTheNextOneHasNothingToDo() throws IOException, SQLException {
    Run plan = indexer("build", "--dry-run");
    assertThat(plan.out()).contains("city sfbay: 1 to add").contains("city chicago: 1 to add");
    assertThat(indexer("status").out()).contains("published: nothing yet");

    Run first = indexer("build");
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.out()).contains("published generation 1-0000000001: 2 cities");

    Run second = indexer("build");
    assertThat(second.exitCode()).isZero();
    assertThat(second.out()).contains("nothing to do: generation 1-0000000001 is up to date");
    assertThat(indexer("status", "--json").out()).contains("\"documents\":2");

    sql("INSERT INTO listing_deleted (id) VALUES (1)", "DELETE FROM listing WHERE id = 1");
    assertThat(indexer("build", "--json").out())
        .contains("\"deletionsRead\":1", "\"generation\":\"1-0000000002\"");
    checkIndexes();
  }

  @Test
  void aSecondMasterLeavesTheWorkToTheFirst() throws IOException {
    Files.createDirectories(folder.resolve("data/index"));
    ProcessLock.Attempt attempt =
        ProcessLock.tryTake(folder.resolve("data/index/indexer.lock"), "the first one");
    try (ProcessLock lock = ((ProcessLock.Attempt.Taken) attempt).lock()) {
      assertThat(lock).isNotNull();
      Run run = indexer("build");
      assertThat(run.exitCode()).isEqualTo(80);
      assertThat(run.err()).contains("the first one is at work in " + folder);
      Run quiet = indexer("build", "--quiet");
      assertThat(quiet.exitCode()).isEqualTo(80);
      assertThat(quiet.out() + quiet.err()).as("cron would mail it").isEmpty();
    }
  }

  @Test
  void quietSaysNothingUnlessItFails() throws IOException {
    Run run = indexer("build", "--quiet");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out() + run.err()).isEmpty();

    configure("wrong");
    assertThat(indexer("build", "--quiet").err()).isNotEmpty();
  }

  @Test
  void aTakeoverIsANewEpoch() {
    assertThat(indexer("build").exitCode()).isZero();
    assertThat(indexer("takeover").out()).contains("epoch 2");
  }

  @Test
  void rowsThatAreSetAsideAreListedRetriedAndDropped() throws SQLException {
    assertThat(indexer("quarantine", "list").out()).contains("no row is set aside");
    assertThat(indexer("quarantine", "list", "--json").out()).isEqualToIgnoringNewLines("[]");
    sql(
        "ALTER TABLE listing MODIFY city VARCHAR(100) NULL",
        "UPDATE listing SET city = NULL",
        "INSERT INTO listing (id, city, title) VALUES (3, 'sfbay', 'good')");
    assertThat(indexer("build").exitCode()).isZero();
    assertThat(indexer("status").out()).contains("set aside: 2 rows");
    assertThat(indexer("quarantine", "list").out())
        .contains("listing 1: its city (city) is NULL")
        .contains("correct the row");
    assertThat(indexer("quarantine", "list", "--json").out())
        .contains("\"id\":\"1\"", "\"table\":\"listing\"", "\"state\":\"WAITING\"");

    Run unknown = indexer("quarantine", "retry", "1", "99");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err())
        .contains("99 is not among the 2 rows that are set aside (1, 2)")
        .contains("bin/indexer quarantine list");
    assertThat(indexer("quarantine", "retry").exitCode()).isEqualTo(2);
    assertThat(indexer("quarantine").exitCode()).isEqualTo(2);

    sql("UPDATE listing SET city = 'sfbay', updated_at = updated_at WHERE id = 1");
    Run retry = indexer("quarantine", "retry", "1");
    assertThat(retry.exitCode()).isZero();
    assertThat(retry.out()).contains("1 row is read again by the next bin/indexer build --config ");
    assertThat(indexer("quarantine", "list").out()).contains("it is read again by the next poll");
    assertThat(indexer("build").out()).contains("published generation");
    assertThat(indexer("status", "--json").out()).contains("\"documents\":2", "\"quarantined\":1");

    assertThat(indexer("quarantine", "drop", "--all").out()).contains("1 row is forgotten");
    assertThat(indexer("quarantine", "list").out()).contains("no row is set aside");
    assertThat(indexer("build").exitCode()).isZero();
    assertThat(indexer("quarantine", "list").out()).contains("no row is set aside");
  }

  @Test
  void aRebuildSaysWhatItLacksAndWhoIsAtWork() throws IOException {
    Run neither = indexer("rebuild");
    assertThat(neither.exitCode()).isEqualTo(2);
    assertThat(neither.err())
        .contains("which cities are to be built anew", "--city CITY", "or give --all");
    assertThat(indexer("rebuild", "--all", "--city", "sfbay").exitCode()).isEqualTo(2);

    Run unknown = indexer("rebuild", "--city", "SFBay");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err())
        .contains("--city SFBay: neither the snapshot nor table listing has such a city")
        .contains("did you mean sfbay?");

    Run early = indexer("rebuild", "--city", "sfbay");
    assertThat(early.exitCode()).isEqualTo(2);
    assertThat(early.err()).contains("nothing is published yet");

    Run wrong = indexer("rebuild", "--all", "--max-lag", "soon");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains("'soon': a duration above 0 such as 10s, or unlimited");
    assertThat(indexer("rebuild", "--limits").exitCode()).isEqualTo(2);
    Run none = indexer("rebuild", "--limits", "--threads", "1");
    assertThat(none.exitCode()).isEqualTo(1);
    assertThat(none.err()).contains("no rebuild is under way");
    assertThat(indexer("rebuild", "--abandon").err()).contains("there is no rebuild to throw away");

    ProcessLock.Attempt attempt =
        ProcessLock.tryTake(folder.resolve("data/index/rebuild.lock"), "the first one");
    try (ProcessLock lock = ((ProcessLock.Attempt.Taken) attempt).lock()) {
      assertThat(lock).isNotNull();
      Run locked = indexer("rebuild", "--all");
      assertThat(locked.exitCode()).isEqualTo(80);
      assertThat(locked.err()).contains("the first one is at work in " + folder);
    }
  }

  @Test
  void aRebuildPublishesWhatTheTableHas() throws IOException, SQLException {
    assertThat(indexer("build").exitCode()).isZero();
    // Neither a newer version nor a tombstone: only a rebuild finds out.
    sql(
        "UPDATE listing SET title = 'bright cellar', updated_at = '2020-01-01' WHERE id = 2",
        "DELETE FROM listing WHERE id = 1",
        "INSERT INTO listing (id, city, title, updated_at)"
            + " VALUES (3, 'rome', 'old villa', '2020-01-01')");

    Run some = indexer("rebuild", "--city", "chicago", "--city", "rome", "--plain");
    assertThat(some.exitCode()).as(some.err()).isZero();
    assertThat(some.out()).contains("rebuilt and published: generation 1-0000000002 has 3");

    Run all = indexer("rebuild", "--all", "--json");
    assertThat(all.exitCode()).as(all.err()).isZero();
    assertThat(all.out()).contains("\"phase\":\"READING\"").contains("\"kind\":\"published\"");
    assertThat(indexer("status", "--json").out()).contains("\"documents\":2", "\"cities\":2");
    assertThat(indexer("build").out()).contains("nothing to do");
    checkIndexes();
  }

  @Test
  void changedFieldsWaitForARebuildOfAllCities() throws IOException, SQLException {
    assertThat(indexer("build").exitCode()).isZero();
    Path file = folder.resolve("indexer.yaml");
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "fields: [{name: title, type: text}]",
                "fields: [{name: title, type: text}, {name: place, column: city, type: keyword}]"));
    sql("UPDATE listing SET title = 'by the old fields' WHERE id = 1");

    Run old = indexer("build");
    assertThat(old.exitCode()).as(old.err()).isZero();
    assertThat(old.out())
        .contains("published generation")
        .contains("bin/indexer rebuild --config ", " --all");
    Run some = indexer("rebuild", "--city", "sfbay");
    assertThat(some.exitCode()).isEqualTo(78);
    assertThat(some.err())
        .contains("bin/indexer rebuild --config ", " --all, or put the configuration back");

    Run all = indexer("rebuild", "--all");
    assertThat(all.exitCode()).as(all.err()).isZero();
    Run after = indexer("build");
    assertThat(after.out()).contains("nothing to do").doesNotContain("finding");
    checkIndexes();
  }

  @Test
  void aWrongVerbIsWrongUsage() {
    Run run = indexer("biuld");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("build");
  }

  private Run indexer(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        IndexerMain.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!arguments[0].equals("biuld")) {
      all.addAll(List.of("--config", folder.resolve("indexer.yaml").toString()));
    }
    int code = Verb.run(line, new IndexerFailures(), all.toArray(String[]::new));
    return new Run(code, out.toString(), err.toString());
  }

  private void configure(String password) throws IOException {
    try (Connection source = database.source()) {
      Files.writeString(
          folder.resolve("indexer.yaml"),
          """
          source:
            endpoints: [{host: 127.0.0.1, port: %d}]
            database: %s
            user: freshet
            password: %s
            lag: {from: not_replicated}
            retry: {attempts: 1}
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
          """
              .formatted(port(source), database.schema(), password));
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private static int port(Connection connection) throws SQLException {
    String url = connection.getMetaData().getURL();
    return Integer.parseInt(url.replaceAll("^.*?:([0-9]+)/.*$", "$1"));
  }

  private List<String> grants() throws IOException {
    return new GrantsFile(
            "'freshet'@'127.0.0.1'", PASSWORD, database.schema(), "listing", "listing_deleted")
        .statements(Path.of(System.getProperty("freshet.home", "..")));
  }

  private void sql(String... statements) throws SQLException {
    try (Connection connection = database.source();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private void checkIndexes() throws IOException {
    try (Stream<Path> cities = Files.list(folder.resolve("data/index/cities"))) {
      for (Path city : cities.filter(Files::isDirectory).toList()) {
        try (Directory directory = FSDirectory.open(city);
            CheckIndex check = new CheckIndex(directory)) {
          assertThat(check.checkIndex().clean).as(city.toString()).isTrue();
        }
      }
    }
  }
}

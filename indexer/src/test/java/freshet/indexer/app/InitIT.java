package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.embedded.DatabaseServer;
import freshet.replicator.app.ReplicatorMain;
import freshet.replicator.command.Verb;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** From a table that nobody has configured to a search hit on a slave, by what init says. */
class InitIT {
  private static final String PASSWORD = "only-for-tests";

  @RegisterExtension static final DatabaseFixture DATABASE = new DatabaseFixture();

  @TempDir Path folder;

  private Path password;

  private record Run(int exitCode, String out, String err) {}

  @BeforeEach
  void passwordFile() throws IOException {
    password = Files.writeString(folder.resolve("password"), server().rootPassword() + "\n");
  }

  @Test
  void aTableThatHasAllThatIsNeededNeedsNothingMore() throws Exception {
    sql(
        """
        CREATE TABLE listing (
          id BIGINT NOT NULL PRIMARY KEY, city VARCHAR(100) NOT NULL, title VARCHAR(200),
          body TEXT, price DECIMAL(10,2), latitude DOUBLE, longitude DOUBLE, tags VARCHAR(200),
          updated_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
            ON UPDATE CURRENT_TIMESTAMP(6),
          KEY by_version (updated_at, id))""",
        "CREATE TABLE listing_deleted (id BIGINT NOT NULL, deleted_at DATETIME(6) NOT NULL,"
            + " PRIMARY KEY (deleted_at, id))",
        "CREATE TRIGGER listing_gone AFTER DELETE ON listing FOR EACH ROW"
            + " REPLACE INTO listing_deleted VALUES (OLD.id, UTC_TIMESTAMP(6))",
        "INSERT INTO listing VALUES (1, 'sfbay', 'sunny flat', 'It is on the third floor', 9.5,"
            + " 37.7, -122.4, 'new,sale', DEFAULT), (2, 'São Paulo', 'cellar', NULL, 1, NULL,"
            + " NULL, 'sale,old', DEFAULT), (3, 'sfbay', 'garage', '', NULL, NULL, NULL, NULL,"
            + " DEFAULT)");

    Run init = init("listing");

    assertThat(init.exitCode()).as(init.err()).isZero();
    assertThat(init.out())
        .contains("rows: 3\n", "key: id\n", "cities: 2 by city: sfbay 2, São Paulo 1")
        .contains("first build, estimated for ", "The database has what is needed");
    assertThat(Files.readString(file("listing")))
        .contains("from: not_replicated", "name: title, type: text", "multi_valued: comma")
        .contains("type: geo_point, latitude: latitude, longitude: longitude")
        .doesNotContain(server().rootPassword());
    checkConfigFindsNothing("listing");

    Run again = init("listing");
    assertThat(again.exitCode()).isEqualTo(73);
    assertThat(again.err()).contains("is there already and is not overwritten", "--output FILE");
    Run printed = indexer(arguments("listing", "--output", "-"));
    assertThat(printed.out()).startsWith("# The master of table listing").doesNotContain("wrote");
    assertThat(printed.err()).contains("rows: 3");
  }

  @Test
  void aUuidKeyAndAJoinWithASideTable() throws Exception {
    sql(
        """
        CREATE TABLE seller (
          id INT NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL,
          updated_at DATETIME(6) NOT NULL, KEY by_version (updated_at, id))""",
        """
        CREATE TABLE article (
          id BINARY(16) NOT NULL PRIMARY KEY, shop VARCHAR(50) NOT NULL, seller_id INT NOT NULL,
          headline VARCHAR(200) NOT NULL, details JSON,
          modified_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
            ON UPDATE CURRENT_TIMESTAMP(3))""",
        "INSERT INTO seller VALUES (7, 'Ostrich and Sons', UTC_TIMESTAMP(6))",
        "INSERT INTO article (id, shop, seller_id, headline) VALUES"
            + " (UNHEX(REPLACE('6ccd780c-baba-1026-9564-5b8c656024db', '-', '')), 'north', 7,"
            + " 'ladder')");

    Run init = init("article");
    assertThat(init.exitCode()).as(init.err()).isZero();
    String written = Files.readString(file("article"));
    assertThat(written).contains("{column: id, type: binary}").contains("left out: details");
    Files.writeString(
        file("article"),
        written
            .replace(
                "  city: shop\n",
                """
                  city: shop
                  query: |
                    SELECT a.*, s.name AS seller FROM article a LEFT JOIN seller s ON s.id = a.seller_id
                    WHERE a.id IN (:keys)
                  also_changed_by:
                    - table: seller
                      key: [{column: id, type: bigint}]
                      version: {column: updated_at, type: datetime(6)}
                      documents: SELECT id FROM article WHERE seller_id IN (:keys)
                """)
            .replace("fields:\n", "fields:\n  - {name: seller, type: text}\n"));

    execute(init);
    checkConfigFindsNothing("article");
    assertThat(hitsOnASlave("article", "north", "ostrich")).contains("ladder");
  }

  @Test
  void aCompositeKeyWithSoftDelete() throws Exception {
    sql(
        """
        CREATE TABLE offer (
          site CHAR(2) NOT NULL, number INT UNSIGNED NOT NULL, market_id SMALLINT NOT NULL,
          name VARCHAR(200) NOT NULL, note VARCHAR(50), deleted_at DATETIME,
          changed_at BIGINT NOT NULL, PRIMARY KEY (site, number))""",
        "INSERT INTO offer VALUES ('de', 1, 3, 'blue bicycle', NULL, NULL,"
            + " UNIX_TIMESTAMP() * 1000), ('de', 2, 3, 'red bicycle', 'sold', UTC_TIMESTAMP(),"
            + " UNIX_TIMESTAMP() * 1000)");

    Run init = init("offer");
    assertThat(init.exitCode()).as(init.err()).isZero();
    assertThat(Files.readString(file("offer")))
        .contains("searchable_if: '`deleted_at` IS NULL'", "type: epoch_millis")
        .contains("{column: number, type: bigint_unsigned}");

    execute(init);
    checkConfigFindsNothing("offer");
    assertThat(hitsOnASlave("offer", "3", "bicycle")).contains("blue").doesNotContain("red");
  }

  @Test
  void latin1WithNeitherUpdatedAtNorAnIndex() throws Exception {
    sql(
        """
        CREATE TABLE anzeige (
          anzeige_id INT, ort VARCHAR(50), titel VARCHAR(200), beschreibung TEXT)
          DEFAULT CHARSET=latin1""",
        "INSERT INTO anzeige VALUES (1, 'Köln', 'Grüner Schrank', 'Der Schrank ist aus Holz')");

    Run unnamed = init("anzeige");
    assertThat(unnamed.exitCode()).isEqualTo(2);
    assertThat(unnamed.err())
        .contains("--city-column COLUMN", "It has anzeige_id, ort, titel, beschreibung");
    Run init = init("anzeige", "--city-column", "ort");
    assertThat(init.exitCode()).as(init.err()).isZero();
    assertThat(init.out()).contains("ADD COLUMN `updated_at`", "ADD UNIQUE (`anzeige_id`)");

    execute(init);
    checkConfigFindsNothing("anzeige");
    assertThat(hitsOnASlave("anzeige", "Köln", "titel:grüner")).contains("Grüner Schrank");
  }

  @Test
  void whatCanNotBeIndexedIsRefusedWithTheFix() throws Exception {
    sql(
        "CREATE TABLE plain (id INT NOT NULL PRIMARY KEY, city VARCHAR(20), title VARCHAR(20))",
        "CREATE VIEW seen AS SELECT * FROM plain",
        "CREATE TABLE loose (city VARCHAR(20), title VARCHAR(20))");
    sql(
        "CREATE USER IF NOT EXISTS 'inspector'@'127.0.0.1' IDENTIFIED BY '%s'".formatted(PASSWORD),
        "GRANT SELECT ON `%s`.`plain` TO 'inspector'@'127.0.0.1'".formatted(DATABASE.schema()));

    refused(2, "has no table plian", "tables that 'root'@", "plain", init("plian"));
    refused(2, "seen is a view", "table.query", "--table", init("seen"));
    refused(2, "table loose has neither a primary key", "--key-column", "", init("loose"));
    refused(2, "did you mean city?", "", "", init("plain", "--city-column", "ciyt"));
    refused(2, "names no database", "", "", indexer("init", "--url", "jdbc:mysql://db", "--table", "t"));

    String wrong = Files.writeString(folder.resolve("wrong"), "wrong").toString();
    refused(77, "Access denied", "--user", "", init("plain", "--password-file", wrong));
    int closed;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = free.getLocalPort();
    }
    refused(
        69,
        "can't connect to 127.0.0.1:" + closed,
        "correct host and port in --url",
        "",
        init("plain", "--url", "jdbc:mysql://127.0.0.1:%d/x".formatted(closed)));

    String own = Files.writeString(folder.resolve("own"), PASSWORD).toString();
    List<String> account =
        List.of("--user", "inspector", "--password-file", own);
    refused(
        2,
        "may not be read by 'inspector'@'127.0.0.1'",
        "GRANT SELECT ON `%s`.`loose` TO 'inspector'@'127.0.0.1'".formatted(DATABASE.schema()),
        "",
        init("loose", account.toArray(String[]::new)));
    Run poor = init("plain", account.toArray(String[]::new));
    assertThat(poor.exitCode()).as(poor.err()).isZero();
    assertThat(poor.out())
        .contains("GRANT SELECT ON `%s`.`plain_deleted` TO".formatted(DATABASE.schema()))
        .contains("GRANT /*M! REPLICA MONITOR */ /*!80000 REPLICATION CLIENT */ ON *.* TO");
    assertThat(Files.readString(file("plain"))).contains("from: replica_status");
    sql("DROP USER 'inspector'@'127.0.0.1'");
  }

  private void refused(int code, String what, String fix, String more, Run run) {
    assertThat(run.err()).contains(what).contains(fix).contains(more);
    assertThat(run.exitCode()).isEqualTo(code);
    assertThat(folder.toFile().list()).noneMatch(name -> name.endsWith(".yaml"));
  }

  private void checkConfigFindsNothing(String table) {
    Run check = indexer("check-config", "--config", file(table).toString());
    assertThat(check.out()).contains("no problems");
    assertThat(check.exitCode()).isZero();
  }

  /** Builds, makes a slave by its own init, pulls, and searches there. */
  private String hitsOnASlave(String table, String city, String query) {
    Run build = indexer("build", "--config", file(table).toString());
    assertThat(build.exitCode()).as(build.err()).isZero();
    String slave = folder.resolve("slave.yaml").toString();
    Run init =
        replicator(
            "init", "--remote", folder.resolve("data/repository").toString(), "--output", slave);
    assertThat(init.exitCode()).as(init.err()).isZero();
    assertThat(init.err()).contains("offers generation 1-0000000001: 1 cities, 1 documents");
    assertThat(replicator("check-config", "--config", slave).out()).contains("no problems");
    assertThat(replicator("pull", "--config", slave).exitCode()).isZero();
    Run search = replicator("search", city, query, "--config", slave, "--json");
    assertThat(search.exitCode()).as(search.err()).isZero();
    return search.out();
  }

  /** The statements that init printed, as they stand there. */
  private void execute(Run init) throws SQLException {
    List<String> statements =
        init.out().lines().filter(line -> line.endsWith(";") && !line.startsWith("--")).toList();
    sql(statements.toArray(String[]::new));
  }

  private Path file(String table) {
    return folder.resolve(table + ".yaml");
  }

  private Run init(String table, String... more) {
    String[] output = {"--output", file(table).toString()};
    List<String> all = new ArrayList<>(List.of(arguments(table, output)));
    // The last one of an option counts.
    for (int i = 0; i < more.length; i += 2) {
      int at = all.indexOf(more[i]);
      if (at >= 0) {
        all.set(at + 1, more[i + 1]);
      } else {
        all.addAll(List.of(more[i], more[i + 1]));
      }
    }
    return indexer(all.toArray(String[]::new));
  }

  private String[] arguments(String table, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "init",
                "--url",
                "jdbc:mysql://127.0.0.1:%d/%s".formatted(server().port(), DATABASE.schema()),
                "--user",
                server().rootUser(),
                "--password-file",
                password.toString(),
                "--table",
                table));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static DatabaseServer server() {
    return DATABASE.pair().source();
  }

  private static Run indexer(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        IndexerMain.commandLine(arguments)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err));
    return new Run(
        Verb.run(line, new IndexerFailures(), arguments), out.toString(), err.toString());
  }

  private static Run replicator(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        ReplicatorMain.commandLine(arguments)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err));
    return new Run(line.execute(arguments), out.toString(), err.toString());
  }

  private static void sql(String... statements) throws SQLException {
    try (Connection connection = DATABASE.source();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}

package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** From a table that nobody has configured to a search hit on a slave, by what init says. */
class InitIT {
  private static final String PASSWORD = "only-for-tests";

  @RegisterExtension static final DatabaseFixture DATABASE = new DatabaseFixture();

  @TempDir Path folder;

  private OwnTable own;

  @BeforeEach
  void table() {
    own = new OwnTable(DATABASE, folder);
  }

  @Test
  void aTableThatHasAllThatIsNeededNeedsNothingMore() throws Exception {
    own.sql(
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

    OwnTable.Run init = own.init("listing");

    assertThat(init.exitCode()).as(init.err()).isZero();
    assertThat(init.out())
        .contains("rows: 3\n", "key: id\n", "cities: 2 by city: sfbay 2, São Paulo 1")
        .contains("first build, estimated for ", "The database has what is needed");
    assertThat(Files.readString(own.file("listing")))
        .contains("from: not_replicated", "name: title, type: text", "multi_valued: comma")
        .contains("type: geo_point, latitude: latitude, longitude: longitude")
        .doesNotContain(own.server().rootPassword());
    checkConfigFindsNothing("listing");

    OwnTable.Run again = own.init("listing");
    assertThat(again.exitCode()).isEqualTo(73);
    assertThat(again.err()).contains("is there already and is not overwritten", "--output FILE");
    String silent = "127.0.0.1:" + closedPort();
    String url =
        "jdbc:mysql://%s,127.0.0.1:%d/%s".formatted(silent, own.server().port(), DATABASE.schema());
    OwnTable.Run printed = own.init("listing", "--output", "-", "--url", url);
    assertThat(printed.out())
        .startsWith("# The master of table listing")
        .doesNotContain("-- Next:");
    assertThat(printed.err())
        .contains("can't connect to " + silent, "; the next server is asked", "rows: 3");
  }

  @Test
  void aUuidKeyAndAJoinWithASideTable() throws Exception {
    own.sql(
        """
        CREATE TABLE seller (
          id INT NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL,
          updated_at DATETIME(6) NOT NULL)""",
        """
        CREATE TABLE article (
          id BINARY(16) NOT NULL PRIMARY KEY, shop VARCHAR(50) NOT NULL, seller_id INT NOT NULL,
          headline VARCHAR(200) NOT NULL, details JSON, owner_uuid BINARY(16),
          price DECIMAL(10,2), place POINT,
          CONSTRAINT sold_by FOREIGN KEY (seller_id) REFERENCES seller (id),
          modified_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
            ON UPDATE CURRENT_TIMESTAMP(3))""",
        "INSERT INTO seller VALUES (7, 'Ostrich and Sons', UTC_TIMESTAMP(6))",
        "INSERT INTO article (id, shop, seller_id, headline, owner_uuid, price, place) VALUES"
            + " (UNHEX(REPLACE('6ccd780c-baba-1026-9564-5b8c656024db', '-', '')), 'north', 7,"
            + " 'ladder', UNHEX('6ccd780cbaba102695645b8c656024db'), 12.50, POINT(13.4, 52.5))");

    OwnTable.Run init = own.init("article");
    assertThat(init.exitCode()).as(init.err()).isZero();
    String written = Files.readString(own.file("article"));
    assertThat(written).contains("{column: id, type: binary}").contains("left out: details");
    assertThat(written)
        .contains("{name: owner_uuid, type: keyword, format: uuid}")
        .contains("{name: price, type: decimal, sortable: true}")
        .contains("{name: place, type: geo_point, column: place}");
    assertThat(written).contains("Before that: CREATE INDEX `freshet_updated_at` ON `seller`");
    // The two edits: the join's comment signs are taken away, and those of its field.
    Files.writeString(
        own.file("article"),
        written
            .replaceAll(
                "(?m)^  # (?=query:|also_changed_by:| +(?:SELECT|FROM|LEFT JOIN|WHERE|- table"
                    + "|key:|- \\{|version:|documents:))",
                "  ")
            .replace("  # - {name: seller_name", "  - {name: seller_name"));
    Path other = folder.resolve("joined.yaml");
    OwnTable.Run wrong = own.init("article", "--join", "sellers", "--output", other.toString());
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains("did you mean seller?", "can be joined: seller");
    OwnTable.Run joined = own.init("article", "--join", "seller", "--output", other.toString());
    assertThat(joined.out())
        .contains("joined: seller_name", "CREATE INDEX `freshet_updated_at` ON `seller`");
    assertThat(withoutComments(other)).isEqualTo(withoutComments(own.file("article")));

    own.execute(joined);
    checkConfigFindsNothing("article");
    assertThat(hitsOnASlave("article", "north", "ostrich")).contains("ladder");
  }

  @Test
  void aCompositeKeyWithSoftDelete() throws Exception {
    own.sql(
        "CREATE TABLE markets (id SMALLINT NOT NULL PRIMARY KEY, title VARCHAR(200) NOT NULL)",
        """
        CREATE TABLE offer (
          site CHAR(2) NOT NULL, number INT UNSIGNED NOT NULL, market_id SMALLINT NOT NULL,
          name VARCHAR(200) NOT NULL, note VARCHAR(50), deleted_at DATETIME,
          changed_at BIGINT NOT NULL, PRIMARY KEY (site, number))""",
        "INSERT INTO offer VALUES ('de', 1, 3, 'blue bicycle', NULL, NULL,"
            + " UNIX_TIMESTAMP() * 1000), ('de', 2, 3, 'red bicycle', 'sold', UTC_TIMESTAMP(),"
            + " UNIX_TIMESTAMP() * 1000)");

    OwnTable.Run init = own.init("offer");
    assertThat(init.exitCode()).as(init.err()).isZero();
    assertThat(Files.readString(own.file("offer")))
        .contains("searchable_if: '`deleted_at` IS NULL'", "type: epoch_millis")
        .contains("{column: number, type: bigint_unsigned}")
        .contains("That market_id names a row of markets is guessed by the names")
        .contains("#   LEFT JOIN `markets` j0 ON j0.`id` = d.`market_id`");

    own.execute(init);
    checkConfigFindsNothing("offer");
    assertThat(hitsOnASlave("offer", "3", "bicycle")).contains("blue").doesNotContain("red");
  }

  @Test
  void latin1WithNeitherUpdatedAtNorAnIndex() throws Exception {
    own.sql(
        """
        CREATE TABLE anzeige (
          anzeige_id INT, ort VARCHAR(50), titel VARCHAR(200), beschreibung TEXT,
          marke VARCHAR(50)) DEFAULT CHARSET=latin1""",
        // The brand came from a client that spoke UTF-8 and said latin1.
        "INSERT INTO anzeige VALUES (1, 'Köln', 'Grüner Schrank', 'Der Schrank ist aus Holz',"
            + " CONVERT(CAST('Möbelglück' AS BINARY) USING latin1))");

    OwnTable.Run unnamed = own.init("anzeige");
    assertThat(unnamed.exitCode()).isEqualTo(2);
    assertThat(unnamed.err())
        .contains("--city-column COLUMN", "It has anzeige_id, ort, titel, beschreibung, marke");
    OwnTable.Run init = own.init("anzeige", "--city-column", "ort");
    assertThat(init.exitCode()).as(init.err()).isZero();
    assertThat(init.out()).contains("ADD COLUMN `updated_at`", "ADD UNIQUE (`anzeige_id`)");
    String written = Files.readString(own.file("anzeige"));
    assertThat(written)
        .contains("{name: marke, type: keyword, format: utf8} # declared latin1, its bytes are");
    assertThat(checkConfig("anzeige").out())
        .contains("has no version column updated_at", "ADD COLUMN `updated_at` TIMESTAMP(6)");

    own.execute(init);
    checkConfigFindsNothing("anzeige");
    assertThat(hitsOnASlave("anzeige", "Köln", "+titel:grüner +marke:Möbelglück"))
        .contains("Grüner Schrank");

    // What is advice: a key that changes leaves no ghost, and tombstones are removed.
    List<String> advice =
        init.out()
            .lines()
            .filter(line -> line.startsWith("-- CREATE"))
            .map(line -> line.substring("-- ".length()))
            .toList();
    assertThat(advice).hasSize(2).anyMatch(line -> line.startsWith("CREATE EVENT"));
    own.sql(advice.toArray(String[]::new));
    own.sql("UPDATE anzeige SET titel = 'Blauer Schrank'");
    assertThat(own.count("SELECT COUNT(*) FROM anzeige_deleted")).isZero();
    own.sql("UPDATE anzeige SET anzeige_id = 2");
    assertThat(own.count("SELECT COUNT(*) FROM anzeige_deleted WHERE anzeige_id = 1")).isOne();

    Files.writeString(own.file("anzeige"), written.replace(", format: utf8", ""));
    assertThat(checkConfig("anzeige").out())
        .contains("column marke of table anzeige is declared latin1, and holds UTF-8")
        .contains("'MÃ¶belglÃ¼ck' is shown where 'Möbelglück' was meant")
        .contains("add format: utf8 to field marke");
  }

  @Test
  void whatCanNotBeIndexedIsRefusedWithTheFix() throws Exception {
    own.sql(
        "CREATE TABLE plain (id INT NOT NULL PRIMARY KEY, city VARCHAR(20), title VARCHAR(20))",
        "CREATE VIEW seen AS SELECT * FROM plain",
        "CREATE TABLE loose (city VARCHAR(20), title VARCHAR(20))");
    own.sql(
        "CREATE USER IF NOT EXISTS 'inspector'@'127.0.0.1' IDENTIFIED BY '%s'".formatted(PASSWORD),
        "GRANT SELECT ON `%s`.`plain` TO 'inspector'@'127.0.0.1'".formatted(DATABASE.schema()));

    refused(2, "has no table plian", "tables that '", "plain", own.init("plian"));
    refused(2, "seen is a view", "table.query", "--table", own.init("seen"));
    refused(2, "table loose has neither a primary key", "--key-column", "", own.init("loose"));
    refused(2, "did you mean city?", "", "", own.init("plain", "--city-column", "ciyt"));
    refused(
        2,
        "names no database",
        "",
        "",
        OwnTable.indexer("init", "--url", "jdbc:mysql://db", "--table", "t"));

    String wrong = Files.writeString(folder.resolve("wrong"), "wrong").toString();
    refused(77, "Access denied", "--user", "", own.init("plain", "--password-file", wrong));
    int closed = closedPort();
    refused(
        69,
        "can't connect to 127.0.0.1:" + closed,
        "correct host and port in --url",
        "",
        own.init("plain", "--url", "jdbc:mysql://127.0.0.1:%d/x".formatted(closed)));

    String secret = Files.writeString(folder.resolve("own"), PASSWORD).toString();
    List<String> account = List.of("--user", "inspector", "--password-file", secret);
    refused(
        2,
        "may not be read by 'inspector'@'127.0.0.1'",
        "GRANT SELECT ON `%s`.`loose` TO 'inspector'@'127.0.0.1'".formatted(DATABASE.schema()),
        "",
        own.init("loose", account.toArray(String[]::new)));
    OwnTable.Run poor = own.init("plain", account.toArray(String[]::new));
    assertThat(poor.exitCode()).as(poor.err()).isZero();
    assertThat(poor.out())
        .contains("GRANT SELECT ON `%s`.`plain_deleted` TO".formatted(DATABASE.schema()))
        .contains("GRANT /*M! REPLICA MONITOR */ /*!80000 REPLICATION CLIENT */ ON *.* TO");
    assertThat(Files.readString(own.file("plain"))).contains("from: replica_status");
    own.sql("DROP USER 'inspector'@'127.0.0.1'");
  }

  private static String withoutComments(Path yaml) throws IOException {
    return Files.readString(yaml).replaceAll("(?m)^ *#.*\\n", "");
  }

  private static int closedPort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private void refused(int code, String what, String fix, String more, OwnTable.Run run) {
    assertThat(run.err()).contains(what).contains(fix).contains(more);
    assertThat(run.exitCode()).isEqualTo(code);
    assertThat(folder.toFile().list()).noneMatch(name -> name.endsWith(".yaml"));
  }

  private OwnTable.Run checkConfig(String table) {
    return OwnTable.indexer("check-config", "--config", own.file(table).toString());
  }

  private void checkConfigFindsNothing(String table) {
    OwnTable.Run check = checkConfig(table);
    assertThat(check.out()).contains("no problems");
    assertThat(check.exitCode()).isZero();
  }

  /** Builds, makes a slave by its own init, pulls, and searches there. */
  private String hitsOnASlave(String table, String city, String query) {
    OwnTable.Run build = OwnTable.indexer("build", "--config", own.file(table).toString());
    assertThat(build.exitCode()).as(build.err()).isZero();
    String slave = folder.resolve("slave.yaml").toString();
    OwnTable.Run init =
        OwnTable.replicator(
            "init", "--remote", folder.resolve("data/repository").toString(), "--output", slave);
    assertThat(init.exitCode()).as(init.err()).isZero();
    assertThat(init.err()).contains("offers generation 1-0000000001: 1 city, 1 document, ");
    assertThat(OwnTable.replicator("check-config", "--config", slave).out())
        .contains("no problems");
    assertThat(OwnTable.replicator("pull", "--config", slave).exitCode()).isZero();
    OwnTable.Run search = OwnTable.replicator("search", city, query, "--config", slave, "--json");
    assertThat(search.exitCode()).as(search.err()).isZero();
    return search.out();
  }
}

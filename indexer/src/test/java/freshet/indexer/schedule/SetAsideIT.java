package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.FaultyDirectories;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.merge.MergeOptions;
import freshet.indexer.quarantine.FileQuarantine;
import freshet.indexer.quarantine.QuarantineEntry;
import freshet.indexer.quarantine.QuarantineRequests;
import freshet.indexer.quarantine.QuarantineRequests.Wish;
import freshet.indexer.source.Listings;
import freshet.indexer.source.MySqlSource;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that can't become documents, from the database through whole cycles and back. */
class SetAsideIT {
  private static final Time TIME = new SystemTime();
  private static final int ROWS = 20;

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path folder;

  private final FaultyDirectories disk = new FaultyDirectories();
  private Connection writer;
  private Path file;
  private FileQuarantine quarantine;
  private MySqlSource source;
  private Master master;

  @BeforeEach
  void start() throws Exception {
    Listings listings = Listings.create(database, 6);
    writer = database.source();
    // Columns that hold anything, as old tables do.
    execute(
        "SET sql_mode = ''",
        "ALTER TABLE listing MODIFY rooms VARCHAR(40), MODIFY price VARCHAR(40), MODIFY tags TEXT,"
            + " MODIFY title BLOB, DROP PRIMARY KEY, MODIFY id BIGINT NULL, ADD UNIQUE KEY (id)");
    for (int id = 1; id <= ROWS; id++) {
      execute(
          "INSERT INTO listing (id, city, title, updated_at) VALUES (%d, 'c', 'title %d',"
                  .formatted(id, id)
              + " UTC_TIMESTAMP(6))");
    }
    file = folder.resolve("quarantine.jsonl");
    quarantine = new FileQuarantine(file, 1 << 20, TIME);
    listings.quarantine = quarantine;
    source = listings.source(database.pair().source());
    master =
        Master.start(
            folder,
            source,
            disk,
            TIME,
            Listings.SCHEMA,
            new BuildOptions(1, 2, 16, false, MergeOptions.DEFAULT));
  }

  @AfterEach
  void end() throws Exception {
    source.close();
    master.close();
    writer.close();
  }

  private void execute(String... statements) throws SQLException {
    Listings.execute(writer, statements);
  }

  private void change(String assignment, int id) throws SQLException {
    execute(
        "UPDATE listing SET updated_at = UTC_TIMESTAMP(6), %s WHERE id = %d"
            .formatted(assignment, id));
  }

  private List<String> setAside() throws Exception {
    return FileQuarantine.look(file).stream()
        .map(entry -> entry.row().id() + ": " + entry.row().reason())
        .toList();
  }

  private void cycle() {
    CycleReport report = master.cycle.run();
    assertThat(report.outcome()).as("%s", report).isNotInstanceOf(CycleOutcome.Failed.class);
    assertThat(report.moreToRead()).isFalse();
  }

  private String title(long id) throws Exception {
    return master.published().get(id).getFirst().title();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "city = NULL | its city (city) is NULL",
        "city = REPEAT('ü', 300) | the city name 'ü",
        "updated_at = NULL | its version is NULL or no date",
        "updated_at = '0000-00-00' | its version is NULL or no date",
        "updated_at = '2026-00-00' | its version is NULL or no date",
        "rooms = 'many' | field rooms",
        "rooms = '9223372036854775808' | field rooms",
        "price = 'cheap' | field price",
        "pets = 7 | field pets",
        "lat = 91, lon = 0 | field at",
        "tags = REPEAT('x', 33000) | field tags"
      })
  void aCycleWithOneBadRowIndexesAllOthers(String assignment, String reason) throws Exception {
    change(assignment, 10);
    cycle();

    assertThat(master.published()).hasSize(ROWS - 1).doesNotContainKey(10L);
    assertThat(setAside()).singleElement().asString().startsWith("10: " + reason);
    master.checkIndexes();
  }

  @ParameterizedTest
  @CsvSource({"x'00'", "x'ff'", "x'c3'", "x'eda080'"})
  void bytesThatAreNoTextStopNothing(String bytes) throws Exception {
    change("title = CONCAT('a', " + bytes + ", 'b'), posted = '0000-00-00'", 10);
    cycle();
    assertThat(master.published()).hasSize(ROWS);
    assertThat(title(10)).startsWith("a").endsWith("b");
    assertThat(setAside()).isEmpty();
  }

  @Test
  void aRowWithoutAKeyIsNotTakenForAnother() throws Exception {
    execute(
        "INSERT INTO listing (id, city, title, updated_at)"
            + " VALUES (NULL, 'c', 'nobody', UTC_TIMESTAMP(6)), (NULL, 'c', 'nobody', NULL)");
    cycle();
    cycle();
    assertThat(master.published()).hasSize(ROWS).doesNotContainKey(0L);
    assertThat(setAside())
        .containsExactly("NULL: the key of at least one row is NULL or empty: [id]");
  }

  @Test
  void theIndexKeepsTheLastVersionThatCouldBeReadUntilTheNextOneThatCan() throws Exception {
    cycle();
    change("title = 'better', rooms = 'many'", 10);
    cycle();
    assertThat(title(10)).isEqualTo("title 10");
    QuarantineEntry entry = FileQuarantine.look(file).getFirst();
    assertThat(entry.row().fix()).contains("The index keeps the last one that could be read");

    change("rooms = '3'", 10);
    cycle();
    assertThat(title(10)).isEqualTo("better");
    assertThat(setAside()).isEmpty();
  }

  @Test
  void anEntryEndsWithItsRow() throws Exception {
    change("rooms = 'many'", 10);
    cycle();
    execute(
        "DELETE FROM listing WHERE id = 10",
        "INSERT INTO listing_deleted VALUES (10, UTC_TIMESTAMP(6))");
    cycle();
    assertThat(setAside()).isEmpty();
  }

  @Test
  void aRowThatWasCorrectedWithoutANewVersionIsReadAgainOnRequest() throws Exception {
    change("rooms = 'many'", 10);
    change("city = NULL", 11);
    cycle();
    execute("UPDATE listing SET rooms = '3', title = 'corrected' WHERE id = 10");
    cycle();
    assertThat(setAside()).hasSize(2);

    retryAll();
    // A cycle that fails in the middle does not count.
    disk.fail(new City("c").folder());
    assertThat(master.cycle.run().isClean()).isFalse();
    disk.heal();
    assertThat(setAside()).hasSize(2);

    cycle();
    assertThat(title(10)).isEqualTo("corrected");
    assertThat(setAside()).containsExactly("11: its city (city) is NULL");
    assertThat(quarantine.rows()).isEqualTo(1);
  }

  @Test
  void aRowThatVanishedWithoutATombstoneIsRemovedOnRequest() throws Exception {
    cycle();
    change("rooms = 'many'", 10);
    cycle();
    execute("DELETE FROM listing WHERE id = 10");
    retryAll();
    cycle();
    assertThat(master.published()).hasSize(ROWS - 1);
    assertThat(setAside()).isEmpty();
  }

  private void retryAll() throws Exception {
    new QuarantineRequests(file)
        .ask(
            Wish.RETRY,
            FileQuarantine.look(file).stream().map(entry -> entry.row().key()).toList());
  }
}

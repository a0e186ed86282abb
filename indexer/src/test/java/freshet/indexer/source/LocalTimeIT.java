package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import freshet.indexer.check.ConfigCheck;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.session.SourceException;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.Tombstones;
import freshet.indexer.table.VersionColumn;
import freshet.indexer.table.VersionColumn.DateTime;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.SourcePosition;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Rows that a server stamps in the local time of Berlin, across both changes of its clock, while
 * this JVM believes to be in Los Angeles. The servers have no time zone tables, so a writer's
 * session gets the offset that Berlin has at the time that it is set to.
 */
@Timeout(120)
@ResourceLock(Resources.TIME_ZONE)
class LocalTimeIT {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private final TimeZone jvmZone = TimeZone.getDefault();
  private Listings listings;
  private Connection root;
  private Connection writer;
  private Follower follower;
  private int titles;

  @BeforeEach
  void start() throws Exception {
    TimeZone.setDefault(TimeZone.getTimeZone("America/Los_Angeles"));
    listings = Listings.create(database, 6);
    root = database.source();
    writer = database.source();
    follower = new Follower(new PollAt(BERLIN));
  }

  @AfterEach
  void end() throws SQLException {
    TimeZone.setDefault(jvmZone);
    Listings.execute(root, "SET GLOBAL init_connect = ''", "SET GLOBAL time_zone = 'SYSTEM'");
    root.close();
    writer.close();
  }

  private void stampedByTheServer(int digits) throws SQLException {
    String type = "DATETIME(%d) NOT NULL DEFAULT CURRENT_TIMESTAMP(%d)".formatted(digits, digits);
    Listings.execute(
        root,
        "ALTER TABLE listing MODIFY updated_at %s ON UPDATE CURRENT_TIMESTAMP(%d)"
            .formatted(type, digits),
        "ALTER TABLE listing_deleted MODIFY deleted_at " + type);
  }

  private SourceOptions options(int digits, @Nullable ZoneId zone) {
    SourceOptions base = listings.options(List.of(Listings.endpoint(database.pair().source())));
    DateTime type = new DateTime(digits, zone);
    TableSpec table =
        new TableSpec(
            "listing",
            base.table().key(),
            new VersionColumn("updated_at", type),
            "city",
            base.table().fields(),
            null);
    Tombstones tombstones =
        new Tombstones(
            "listing_deleted",
            List.of("id"),
            new VersionColumn("deleted_at", type),
            Duration.ofDays(1));
    return new SourceOptions(
        base.session(), base.limits(), base.overlap(), base.checks(), table, tombstones);
  }

  /** Polls on a new connection each time, so that the server's clock is as it was set. */
  private final class PollAt implements ChangeSource {
    private final ZoneId zone;
    private int digits = 6;

    PollAt(ZoneId zone) {
      this.zone = zone;
    }

    @Override
    public ChangeBatch poll(SourcePosition from, OverlapWindow window, StoredDocuments stored)
        throws SourceException {
      try (MySqlSource source = listings.source(options(digits, zone), Listings.SCHEMA)) {
        return source.poll(from, window, stored);
      }
    }

    @Override
    public void close() {}
  }

  /** Sets the clock of the next poll and of a writer, and the writer's zone. */
  private void setClock(Connection connection, Instant time) throws SQLException {
    String seconds = time.getEpochSecond() + "." + "%06d".formatted(time.getNano() / 1_000);
    String offset = BERLIN.getRules().getOffset(time).getId();
    Listings.execute(root, "SET GLOBAL init_connect = 'SET timestamp = " + seconds + "'");
    Listings.execute(connection, "SET timestamp = " + seconds, "SET time_zone = '" + offset + "'");
  }

  private void write(Connection connection, long id) throws SQLException {
    Listings.execute(
        connection,
        ("INSERT INTO listing (id, city, title) VALUES (%d, 'c', 't%d') ON DUPLICATE KEY UPDATE"
                + " title = VALUES(title)")
            .formatted(id, titles++));
  }

  private void assertEqual() throws SQLException {
    Map<Long, Object> rows = new TreeMap<>();
    try (Statement statement = root.createStatement();
        ResultSet row = statement.executeQuery("SELECT id, title FROM listing")) {
      while (row.next()) {
        rows.put(row.getLong(1), row.getString(2));
      }
    }
    Map<Long, Object> indexed = new TreeMap<>();
    follower.documents.forEach((id, document) -> indexed.put(id, document.values().getFirst()));
    assertThat(indexed).isEqualTo(rows);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-10-25T01:00:00Z, 6",
    "2026-10-25T01:00:00Z, 0",
    "2026-03-29T01:00:00Z, 6",
    "2026-03-29T01:00:00Z, 0"
  })
  void nothingIsAnHourLate(Instant change, int digits) throws Exception {
    stampedByTheServer(digits);
    PollAt source = new PollAt(BERLIN);
    source.digits = digits;
    follower = new Follower(source);
    for (int minutes = -80; minutes <= 150; minutes += 7) {
      Instant now = change.plusSeconds(60L * minutes);
      setClock(writer, now);
      write(writer, Math.floorMod(minutes, 9));
      write(writer, 100 + minutes);
      if (minutes % 3 == 0) {
        Listings.execute(
            writer,
            "DELETE FROM listing WHERE id = " + (100 + minutes),
            "INSERT INTO listing_deleted (id) VALUES (" + (100 + minutes) + ")");
      }
      setClock(writer, now.plusSeconds(3));
      ChangeBatch batch = follower.poll();
      assertEqual();
      assertThat(batch.reachedEnd()).isTrue();
      assertThat(batch.readThrough()).isEqualTo(now.plusSeconds(3));
    }
    setClock(writer, change.plus(Duration.ofHours(4)));
    follower.poll();
    assertThat(follower.poll().changes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2026-10-25T01:00:00Z", "2026-03-29T01:00:00Z"})
  void aTransactionThatIsOpenDuringTheChangeIsFound(Instant change) throws Exception {
    stampedByTheServer(6);
    try (Connection slow = database.source()) {
      slow.setAutoCommit(false);
      setClock(slow, change.minusSeconds(240));
      write(slow, 1);
      setClock(writer, change.minusSeconds(30));
      write(writer, 2);
      follower.poll();
      setClock(writer, change.plusSeconds(120));
      write(writer, 3);
      follower.poll();
      slow.commit();
    }
    setClock(writer, change.plusSeconds(121));
    follower.poll();
    assertEqual();
  }

  @Test
  void aMasterThatWasDownDuringTheChangeMissesNothing() throws Exception {
    Instant change = Instant.parse("2026-10-25T01:00:00Z");
    stampedByTheServer(6);
    setClock(writer, change.minusSeconds(300));
    write(writer, 1);
    follower.poll();
    for (int minutes = 1; minutes < 180; minutes += 10) {
      setClock(writer, change.plusSeconds(60L * minutes));
      write(writer, 1 + minutes);
    }
    follower.forgetWindow();
    follower.poll();
    assertEqual();
  }

  @Test
  void localTimeThatNobodyConfiguredIsRefusedWithBothFixes() throws Exception {
    stampedByTheServer(6);
    Listings.execute(root, "SET GLOBAL time_zone = '+02:00'");
    try (MySqlSource source = listings.source(options(6, null), Listings.SCHEMA)) {
      SourceException refused =
          catchThrowableOfType(SourceException.class, () -> new Follower(source).poll());
      assertThat(refused).isInstanceOf(SourceException.SchemaError.class);
      assertThat(refused.getMessage().toLowerCase())
          .startsWith(
              "version column updated_at of table listing is in local time, and its zone is not"
                  + " configured: the server stamps it by current_timestamp(6), and its zone is"
                  + " +02:00; say in the configuration")
          .contains("zone: europe/berlin")
          .contains("alter table `listing` modify `updated_at` timestamp(6) not null");
      // An operator who says so is believed; TIMESTAMP and epochs are not concerned.
      assertThat(
              new ConfigCheck(options(6, null), Listings.SCHEMA, new SystemTime())
                  .check()
                  .findings())
          .anyMatch(finding -> finding.what().contains("updated_at of table listing is in local"))
          .anyMatch(finding -> finding.what().contains("deleted_at of table listing_deleted"));
      assertThat(
              new ConfigCheck(options(6, ZoneId.of("UTC")), Listings.SCHEMA, new SystemTime())
                  .check()
                  .findings())
          .noneMatch(finding -> finding.what().contains("local"));
      Listings.execute(root, "SET GLOBAL time_zone = '+00:00'");
      assertThat(new Follower(source).poll().reachedEnd()).isTrue();
    }
  }

  @Test
  void aColumnThatTheServerDoesNotStampIsTakenForUtc() throws Exception {
    Listings.execute(root, "SET GLOBAL time_zone = '+02:00'");
    try (MySqlSource source = listings.source(options(6, null), Listings.SCHEMA)) {
      assertThat(new Follower(source).poll().reachedEnd()).isTrue();
    }
  }
}

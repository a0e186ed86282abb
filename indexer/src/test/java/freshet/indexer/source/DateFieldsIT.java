package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import freshet.indexer.check.ConfigCheck;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.session.SourceException;
import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.TableSpec;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Date fields of a table in the local time of Berlin, read by a JVM in Los Angeles. */
@Timeout(60)
@ResourceLock(Resources.TIME_ZONE)
class DateFieldsIT {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final IndexSchema SCHEMA =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(new FieldSpec("posted", FieldType.DATE, null, false, true, true)),
          List.of());

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private final TimeZone jvmZone = TimeZone.getDefault();
  private Listings listings;
  private Connection root;

  @BeforeEach
  void start() throws Exception {
    TimeZone.setDefault(TimeZone.getTimeZone("America/Los_Angeles"));
    listings = Listings.create(database, 6);
    root = database.source();
    Listings.execute(root, "ALTER TABLE listing MODIFY updated_at DATETIME(6) NOT NULL");
  }

  @AfterEach
  void end() throws SQLException {
    TimeZone.setDefault(jvmZone);
    Listings.execute(root, "SET GLOBAL time_zone = 'SYSTEM'");
    root.close();
  }

  private SourceOptions options(@Nullable ZoneId zone) {
    SourceOptions base = listings.options(List.of(Listings.endpoint(database.pair().source())));
    TableSpec table =
        new TableSpec(
            "listing",
            base.table().key(),
            base.table().version(),
            "city",
            List.of(
                new FieldColumns(
                    "posted", List.of("posted"), FieldColumns.ListFormat.COMMAS, zone)),
            null);
    return new SourceOptions(
        base.session(), base.limits(), base.overlap(), base.checks(), table, base.tombstones());
  }

  private void insert(long id, String posted) throws SQLException {
    Listings.execute(
        root,
        "INSERT INTO listing (id, city, posted, updated_at) VALUES (%d, 'c', '%s', UTC_TIMESTAMP(6))"
            .formatted(id, posted));
  }

  private List<Object> dates(@Nullable ZoneId zone) throws Exception {
    try (MySqlSource source = listings.source(options(zone), SCHEMA)) {
      Follower follower = new Follower(source);
      assertThat(follower.poll().reachedEnd()).isTrue();
      return follower.titles();
    }
  }

  private List<String> findings(@Nullable ZoneId zone) {
    return new ConfigCheck(options(zone), SCHEMA, new SystemTime())
        .check().findings().stream()
            .map(finding -> finding.what().replaceFirst("^\\S+: ", ""))
            .toList();
  }

  @Test
  void dateTimeIsWhatTheClockOfItsZoneShowed() throws Exception {
    Listings.execute(root, "ALTER TABLE listing MODIFY posted DATETIME(6)");
    insert(1, "2026-01-15 12:00:00.000001");
    insert(2, "2026-07-15 12:00:00");
    insert(3, "2026-03-29 02:30:00");
    insert(4, "2026-10-25 02:30:00");
    assertThat(dates(BERLIN))
        .containsExactly(
            Instant.parse("2026-01-15T11:00:00.000001Z"),
            Instant.parse("2026-07-15T10:00:00Z"),
            Instant.parse("2026-03-29T01:30:00Z"),
            Instant.parse("2026-10-25T00:30:00Z"));
    assertThat(dates(null)).element(1).isEqualTo(Instant.parse("2026-07-15T12:00:00Z"));
    assertThat(findings(BERLIN)).isEmpty();
  }

  @Test
  void dateIsItsMidnight() throws Exception {
    Listings.execute(root, "ALTER TABLE listing MODIFY posted DATE");
    insert(1, "2026-07-15");
    assertThat(dates(BERLIN)).containsExactly(Instant.parse("2026-07-14T22:00:00Z"));
  }

  @Test
  void timestampNeedsNoZoneAndIsRefusedWithOne() throws Exception {
    Listings.execute(
        root, "ALTER TABLE listing MODIFY posted TIMESTAMP NULL", "SET time_zone = '+02:00'");
    insert(1, "2026-07-15 12:00:00");
    assertThat(dates(null)).containsExactly(Instant.parse("2026-07-15T10:00:00Z"));

    SourceException refused = catchThrowableOfType(SourceException.class, () -> dates(BERLIN));
    assertThat(refused)
        .isInstanceOf(SourceException.SchemaError.class)
        .hasMessage(
            "date field posted states a zone, and its column posted of table listing needs none: it"
                + " is a TIMESTAMP, which is read in UTC; configured is zone: Europe/Berlin; take"
                + " zone out of field posted in the configuration");
    assertThat(findings(BERLIN))
        .containsExactly(
            "date field posted states a zone, and its column posted of table listing needs none");
    assertThat(findings(null)).isEmpty();
  }

  @Test
  void columnThatTheServerStampsInLocalTimeShouldHaveAZone() throws Exception {
    Listings.execute(
        root,
        "ALTER TABLE listing MODIFY posted DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP",
        "SET GLOBAL time_zone = '+02:00'");
    assertThat(findings(null))
        .containsExactly(
            "date field posted is taken for UTC, and its column posted of table listing is in local"
                + " time");
    assertThat(findings(BERLIN)).isEmpty();
    assertThat(findings(ZoneId.of("UTC"))).isEmpty();
  }
}

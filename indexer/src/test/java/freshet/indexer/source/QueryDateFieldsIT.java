package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import freshet.indexer.check.ConfigCheck;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.session.SourceException;
import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.KeysSql;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Date fields that a query of the user's yields, each from where it may come. */
@Timeout(60)
class QueryDateFieldsIT {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final ZoneId UTC = ZoneId.of("UTC");
  private static final IndexSchema SCHEMA =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(new FieldSpec("posted", FieldType.DATE, null, false, true, true)),
          List.of());

  /** Columns of the same type, in the documents' table and in one that is joined. */
  enum Query {
    OWN("l.posted", " (posted of table listing)"),
    JOINED("s.since AS posted", " (since of table seller)"),
    /** MariaDB says no more than the type. */
    IN_A_VIEW("v.since AS posted", "");

    private final String selected;
    private final String origin;

    Query(String selected, String origin) {
      this.selected = selected;
      this.origin = origin;
    }

    String sql() {
      return sql(selected);
    }

    static String sql(String selected) {
      return """
      SELECT l.id, l.updated_at, l.city, %s
      FROM listing l LEFT JOIN seller s ON s.id = l.rooms LEFT JOIN sellers v ON v.id = l.rooms
      WHERE l.id IN (:keys)"""
          .formatted(selected);
    }
  }

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private Listings listings;
  private Connection root;
  private String sql = Query.OWN.sql();

  @BeforeEach
  void start() throws Exception {
    listings = Listings.create(database, 6);
    root = database.source();
    Listings.execute(
        root,
        "ALTER TABLE listing MODIFY updated_at DATETIME(6) NOT NULL",
        "CREATE TABLE seller (id INT NOT NULL PRIMARY KEY, since DATETIME NULL)",
        "CREATE VIEW sellers AS SELECT id, since FROM seller",
        "GRANT SELECT ON %s.* TO 'freshet'@'127.0.0.1'".formatted(database.schema()));
  }

  @AfterEach
  void end() throws SQLException {
    Listings.execute(root, "SET GLOBAL time_zone = 'SYSTEM'");
    root.close();
  }

  /** Declares both columns anew. */
  private void declare(String type) throws SQLException {
    Listings.execute(
        root,
        "ALTER TABLE listing MODIFY posted " + type,
        "ALTER TABLE seller MODIFY since " + type);
  }

  private void insert(String posted) throws SQLException {
    Listings.execute(
        root,
        "INSERT INTO seller VALUES (7, '%s')".formatted(posted),
        "INSERT INTO listing (id, city, rooms, posted, updated_at) VALUES (1, 'c', 7, '%s',"
                .formatted(posted)
            + " UTC_TIMESTAMP(6))");
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
            null,
            KeysSql.parse(sql),
            List.of());
    return new SourceOptions(
        base.session(), base.limits(), base.overlap(), base.checks(), table, base.tombstones());
  }

  private List<Object> dates(@Nullable ZoneId zone) throws Exception {
    try (MySqlSource source = listings.source(options(zone), SCHEMA)) {
      Follower follower = new Follower(source);
      assertThat(follower.poll().reachedEnd()).isTrue();
      return follower.titles();
    }
  }

  private List<Finding> findings(@Nullable ZoneId zone) {
    return new ConfigCheck(options(zone), SCHEMA, new SystemTime())
        .check().findings().stream()
            .filter(finding -> finding.what().contains("date field"))
            .toList();
  }

  @ParameterizedTest
  @EnumSource(Query.class)
  void timestampNeedsNoZoneAndIsRefusedWithOne(Query query) throws Exception {
    sql = query.sql();
    declare("TIMESTAMP NULL");
    // Before there is a row that could become a wrong document.
    SourceException refused = catchThrowableOfType(SourceException.class, () -> dates(BERLIN));
    assertThat(refused)
        .isInstanceOf(SourceException.SchemaError.class)
        .hasMessageContainingAll(
            "date field posted states a zone, and its column posted of table.query" + query.origin,
            "needs none: it is a TIMESTAMP, which is read in UTC; configured is zone:"
                + " Europe/Berlin; take zone out of field posted in the configuration");
    assertThat(findings(BERLIN)).hasSize(1);

    // What the fix says.
    Listings.execute(root, "SET time_zone = '+02:00'");
    insert("2026-07-15 12:00:00");
    assertThat(dates(null)).containsExactly(Instant.parse("2026-07-15T10:00:00Z"));
    assertThat(findings(null)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Query.class,
      names = {"OWN", "JOINED"})
  void columnThatTheServerStampsInLocalTimeShouldHaveAZone(Query query) throws Exception {
    sql = query.sql();
    declare("DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP");
    Listings.execute(root, "SET GLOBAL time_zone = '+02:00'");
    assertThat(findings(null))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.what())
                  .contains("date field posted is taken for UTC")
                  .contains("table.query" + query.origin);
              assertThat(finding.evidence()).contains("its zone is +02:00");
              assertThat(finding.fix()).contains("zone: Europe/Berlin");
            });
    assertThat(findings(BERLIN)).isEmpty();
    assertThat(findings(UTC)).isEmpty();

    insert("2026-07-15 12:00:00");
    assertThat(dates(BERLIN)).containsExactly(Instant.parse("2026-07-15T10:00:00Z"));
  }

  @Test
  void whatIsComputedIsBelieved() throws Exception {
    sql = Query.sql("CONVERT_TZ(s.since, '+00:00', '+02:00') AS posted");
    declare("TIMESTAMP NULL");
    Listings.execute(root, "SET GLOBAL time_zone = '+02:00'", "SET time_zone = '+00:00'");
    insert("2026-07-15 10:00:00");
    assertThat(findings(null)).isEmpty();
    assertThat(findings(BERLIN)).isEmpty();
    assertThat(dates(BERLIN)).containsExactly(Instant.parse("2026-07-15T10:00:00Z"));
  }

  @Test
  void aQueryThatFailsIsAFindingOfItsOwn() {
    sql = Query.sql("l.no_such_column AS posted");
    assertThat(
            new ConfigCheck(options(BERLIN), SCHEMA, new SystemTime())
                .check().findings().stream().map(Finding::what))
        .anyMatch(what -> what.contains("a query of a poll fails"))
        .noneMatch(what -> what.contains("the server can't be checked"));
  }
}

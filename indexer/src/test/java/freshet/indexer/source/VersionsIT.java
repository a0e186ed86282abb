package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.VersionColumn;
import freshet.indexer.table.VersionColumn.DateTime;
import freshet.indexer.table.VersionColumn.Epoch;
import freshet.indexer.table.VersionColumn.Timestamp;
import freshet.indexer.table.VersionColumn.Unit;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Version columns of every type that may be configured, on a real server. */
@Timeout(60)
class VersionsIT {
  private static final IndexSchema SCHEMA =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(new FieldSpec("title", FieldType.KEYWORD, null, false, true, false)),
          List.of());

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private Listings listings;
  private Connection writer;

  static Stream<VersionColumn.Type> types() {
    return Stream.of(
            IntStream.rangeClosed(0, 6).mapToObj(DateTime::new),
            IntStream.of(0, 3, 6).mapToObj(Timestamp::new),
            Stream.of(Unit.values()).map(Epoch::new))
        .<VersionColumn.Type>flatMap(types -> types);
  }

  @BeforeEach
  void start() throws Exception {
    listings = Listings.create(database, 6);
    writer = database.source();
    Listings.execute(
        writer, "GRANT SELECT ON %s.* TO 'freshet'@'127.0.0.1'".formatted(database.schema()));
  }

  @AfterEach
  void end() throws SQLException {
    writer.close();
  }

  private static String declared(VersionColumn.Type type) {
    return switch (type) {
      case DateTime dateTime -> "DATETIME(" + dateTime.digits() + ")";
      case Timestamp(int digits) -> "TIMESTAMP(" + digits + ")";
      case Epoch epoch -> "BIGINT";
    };
  }

  /** A point in time as the column holds it; the writer's session is UTC. */
  private static String literal(VersionColumn.Type type, long micros) {
    return switch (type) {
      case Epoch(Unit unit) -> String.valueOf(Math.floorDiv(micros, unit.micros()));
      default ->
          "'"
              + LocalDateTime.ofEpochSecond(
                  Math.floorDiv(micros, 1_000_000L),
                  (int) Math.floorMod(micros, 1_000_000L) * 1_000,
                  ZoneOffset.UTC)
              + "'";
    };
  }

  private static long micros(String time) {
    Instant instant = Instant.parse(time);
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }

  private void put(VersionColumn column, long id, long micros, String title) throws SQLException {
    Listings.execute(
        writer,
        "REPLACE INTO t VALUES (%d, 'c', '%s', %s)"
            .formatted(id, title, literal(column.type(), micros)));
  }

  @ParameterizedTest
  @MethodSource("types")
  void versionsArriveExactlyAndOrderThePages(VersionColumn.Type type) throws Exception {
    Listings.execute(
        writer,
        "SET time_zone = '+00:00'",
        ("CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, city VARCHAR(9), title VARCHAR(20),"
                + " v %s NOT NULL, KEY by_version (v, id))")
            .formatted(declared(type)));
    VersionColumn column = new VersionColumn("v", type);
    long tick = column.tickMicros();
    long first = micros("2026-10-25T02:30:00.123456Z") / tick * tick;
    for (int id = 1; id <= 12; id++) {
      put(column, id, first + (id / 3) * tick, "t" + id);
    }
    if (!(type instanceof Timestamp)) {
      put(column, 13, Math.floorDiv(micros("1969-07-20T20:17:40.5Z"), tick) * tick, "old");
    }
    SourceOptions base = listings.options(List.of(Listings.endpoint(database.pair().source())));
    TableSpec table =
        new TableSpec(
            "t",
            base.table().key(),
            column,
            "city",
            List.of(FieldColumns.of("title", "title")),
            null);
    SourceOptions options =
        new SourceOptions(
            base.session(), new Limits(2, 5, 1 << 20), base.overlap(), base.checks(), table, null);
    try (MySqlSource source = listings.source(options, SCHEMA)) {
      Follower follower = new Follower(source);
      pollToEnd(follower);

      for (int id = 1; id <= 12; id++) {
        assertThat(follower.documents.get((long) id).version()).isEqualTo(first + (id / 3) * tick);
      }
      assertThat(follower.position.changes().version()).isEqualTo(first + 4 * tick);
      if (!(type instanceof Timestamp)) {
        assertThat(follower.documents.get(13L).version())
            .isEqualTo(Math.floorDiv(micros("1969-07-20T20:17:40.5Z"), tick) * tick);
      }

      // Late, in the future, and now.
      put(column, 1, first - 60_000_000, "late");
      put(column, 2, micros("2037-12-31T00:00:00Z"), "2037");
      put(column, 3, first + 9 * tick, "next");
      assertThat(pollToEnd(follower).findings())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.what()).startsWith("row 2 of table t is stamped in the future");
                assertThat(finding.evidence()).startsWith("its v is 2037-12-31T00:00, the server");
              });
      assertThat(follower.documents.get(1L).values()).containsExactly("late");
      assertThat(follower.documents.get(2L).values()).containsExactly("2037");
      assertThat(follower.position.changes().version()).isEqualTo(first + 9 * tick);
      put(column, 2, first + 10 * tick, "corrected");
      pollToEnd(follower);
      assertThat(follower.documents.get(2L).values()).containsExactly("corrected");
      ChangeBatch quiet = follower.poll();
      assertThat(quiet.changes()).isEmpty();
      assertThat(quiet.findings()).isEmpty();
    }
  }

  private static ChangeBatch pollToEnd(Follower follower) throws Exception {
    for (int i = 0; i < 50; i++) {
      ChangeBatch batch = follower.poll();
      if (batch.reachedEnd()) {
        return batch;
      }
    }
    throw new AssertionError("50 polls have not reached the end");
  }
}

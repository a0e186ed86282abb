package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.session.Sql;
import freshet.indexer.source.Change.Upsert;
import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.Tombstones;
import freshet.indexer.table.VersionColumn;
import freshet.indexer.table.VersionColumn.DateTime;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.snapshot.SourcePosition;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys of every type, read in pages from a real server: none is lost, doubled or out of order. */
@Timeout(60)
class KeysIT {
  private static final int ROWS = 150;
  private static final int VERSIONS = 4;

  /** What a key may be. */
  private enum Keys {
    BIGINT("BIGINT"),
    BIGINT_UNSIGNED("BIGINT UNSIGNED"),
    INT("INT"),
    UUID_BYTES("BINARY(16)"),
    VARBINARY("VARBINARY(20)"),
    UTF8MB4_BIN("VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"),
    LATIN1_BIN("VARCHAR(40) CHARACTER SET latin1 COLLATE latin1_bin"),
    ASCII_BIN("CHAR(36) CHARACTER SET ascii COLLATE ascii_bin"),
    IGNORES_CASE("VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci"),
    STRING_AND_BIGINT("VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "BIGINT"),
    THREE_COLUMNS("BIGINT UNSIGNED", "VARBINARY(5)", "BIGINT");

    private final List<String> columns;

    Keys(String... columns) {
      this.columns = List.of(columns);
    }

    private List<KeyType> types() {
      return columns.stream().map(Keys::type).toList();
    }

    private static KeyType type(String column) {
      return column.contains("UNSIGNED")
          ? KeyType.BIGINT_UNSIGNED
          : column.contains("INT")
              ? KeyType.BIGINT
              : column.contains("BINARY") ? KeyType.BINARY : KeyType.STRING;
    }

    private boolean isOrderedByBytes() {
      return this != IGNORES_CASE;
    }

    private static Object value(String column, Random random) {
      return switch (type(column)) {
        case BIGINT -> column.equals("INT") ? (long) random.nextInt() : edgeOr(random);
        case BIGINT_UNSIGNED -> new BigInteger(Long.toUnsignedString(edgeOr(random)));
        case BINARY -> bytes(column.equals("BINARY(16)") ? 16 : 1 + random.nextInt(5), random);
        case STRING -> text(column, random);
      };
    }

    private static long edgeOr(Random random) {
      return switch (random.nextInt(12)) {
        case 0 -> Long.MIN_VALUE;
        case 1 -> Long.MAX_VALUE;
        case 2 -> -1;
        case 3 -> 0;
        case 4 -> random.nextInt(10) - 5;
        default -> random.nextLong();
      };
    }

    /** Zero bytes too, in the middle and at the end. */
    private static byte[] bytes(int length, Random random) {
      byte[] bytes = new byte[length];
      for (int i = 0; i < length; i++) {
        bytes[i] = random.nextInt(3) == 0 ? 0 : (byte) random.nextInt();
      }
      return bytes;
    }

    private static String text(String column, Random random) {
      String letters =
          column.contains("ascii")
              ? "abcXYZ019-"
              : column.contains("latin1") ? "aZ0éßÅ-ÿ" : "aAbZz09-éßŁ中￿🏠";
      StringBuilder text = new StringBuilder();
      for (int i = 1 + random.nextInt(8); i > 0; i--) {
        int[] points = letters.codePoints().toArray();
        text.appendCodePoint(points[random.nextInt(points.length)]);
      }
      return text.toString();
    }
  }

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private Listings listings;
  private Connection writer;

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

  private SourceOptions options(TableSpec table, Tombstones tombstones) {
    SourceOptions base = listings.options(List.of(Listings.endpoint(database.pair().source())));
    Limits limits = new Limits(7, 20, 1 << 20);
    return new SourceOptions(
        base.session(), limits, base.overlap(), base.checks(), table, tombstones);
  }

  private static IndexSchema schema(List<KeyType> key) {
    FieldSpec title = new FieldSpec("title", FieldType.KEYWORD, null, false, true, false);
    return new IndexSchema(1, key, List.of(title), List.of());
  }

  /** Polls until the end; one change for each document, in the order in which they came. */
  private static List<Change> pollToEnd(ChangeSource source, State state) throws Exception {
    List<Change> all = new ArrayList<>();
    while (true) {
      ChangeBatch batch = source.poll(state.position, state.window, StoredDocuments.NONE);
      all.addAll(batch.changes());
      state.position = batch.to();
      state.window = batch.window();
      if (batch.reachedEnd()) {
        return all;
      }
    }
  }

  private static final class State {
    private SourcePosition position = SourcePosition.START;
    private OverlapWindow window = OverlapWindow.UNSEEN;
  }

  private static List<Object> titles(List<Change> changes) {
    return changes.stream()
        .map(change -> ((Upsert) change).document().values().getFirst())
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Keys.class)
  void noRowIsLostOrDoubledAndPagesAreInTheDatabasesOrder(Keys keys) throws Exception {
    List<KeyColumn> key = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < keys.columns.size(); i++) {
      key.add(new KeyColumn("k" + i, keys.types().get(i)));
      columns.add("k" + i + " " + keys.columns.get(i) + " NOT NULL");
    }
    String names = key.stream().map(KeyColumn::name).collect(Collectors.joining(", "));
    String definition = String.join(", ", columns);
    Listings.execute(
        writer,
        ("CREATE TABLE t (%s, city VARCHAR(9), title VARCHAR(20), v DATETIME(6) NOT NULL,"
                + " PRIMARY KEY (%s), KEY by_version (v, %s))")
            .formatted(definition, names, names),
        "CREATE TABLE t_deleted (%s, at DATETIME(6) NOT NULL, PRIMARY KEY (at, %s))"
            .formatted(definition, names));
    insertRandomRows(keys);
    VersionColumn version = new VersionColumn("v", new DateTime(6));
    TableSpec table =
        new TableSpec("t", key, version, "city", List.of(FieldColumns.of("title", "title")), null);
    Tombstones tombstones =
        new Tombstones(
            "t_deleted",
            key.stream().map(KeyColumn::name).toList(),
            new VersionColumn("at", new DateTime(6)),
            Duration.ofDays(1));
    State state = new State();
    try (MySqlSource source = listings.source(options(table, tombstones), schema(keys.types()))) {
      List<Change> all = pollToEnd(source, state);

      assertThat(titles(all)).containsExactlyInAnyOrderElementsOf(titlesInOrder("v, " + names));
      if (keys.isOrderedByBytes()) {
        assertThat(titles(all)).isEqualTo(titlesInOrder("v, " + names));
        assertThat(all.stream().map(KeysIT::pair).toList()).isSorted();
      }

      // By key: all of them, then none of them.
      Listings.execute(writer, "UPDATE t SET title = CONCAT(title, '!'), v = UTC_TIMESTAMP(6)");
      Map<DocumentKey, Object> changed = byKey(pollToEnd(source, state));
      assertThat(changed.keySet()).isEqualTo(byKey(all).keySet());
      assertThat(changed.values()).containsExactlyInAnyOrderElementsOf(titlesInOrder(names));
      Listings.execute(
          writer,
          "INSERT INTO t_deleted SELECT %s, UTC_TIMESTAMP(6) FROM t".formatted(names),
          "DELETE FROM t");
      assertThat(byKey(pollToEnd(source, state)).keySet()).isEqualTo(changed.keySet());
      assertThat(pollToEnd(source, state)).isEmpty();
    }
  }

  private void insertRandomRows(Keys keys) throws SQLException {
    Random random = new Random(keys.name().hashCode());
    Set<String> used = new HashSet<>();
    String marks = "?,".repeat(keys.columns.size());
    try (PreparedStatement insert =
        writer.prepareStatement(
            "INSERT INTO t VALUES (" + marks + "'c', ?, '2026-01-01' + INTERVAL ? HOUR)")) {
      while (used.size() < ROWS) {
        List<Object> values =
            keys.columns.stream().map(column -> Keys.value(column, random)).toList();
        if (!used.add(identity(values))) {
          continue;
        }
        int at = 1;
        for (Object value : values) {
          insert.setObject(at++, value instanceof BigInteger big ? new BigDecimal(big) : value);
        }
        insert.setString(at++, "n" + used.size());
        insert.setInt(at, random.nextInt(VERSIONS));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** What no collation takes for another. */
  private static String identity(List<Object> values) {
    return values.stream()
        .map(
            value ->
                value instanceof byte[] bytes
                    ? new String(bytes, StandardCharsets.ISO_8859_1)
                    : value
                        .toString()
                        .toLowerCase(Locale.ROOT)
                        .replace("é", "e")
                        .replace("å", "a")
                        .replace("ß", "s")
                        .replace("ÿ", "y")
                        .replaceAll("[￿🏠]", "?"))
        .collect(Collectors.joining("|"));
  }

  private List<Object> titlesInOrder(String order) throws SQLException {
    List<Object> titles = new ArrayList<>();
    try (Statement statement = writer.createStatement();
        ResultSet row = statement.executeQuery("SELECT title FROM t ORDER BY " + order)) {
      while (row.next()) {
        titles.add(row.getString(1));
      }
    }
    return titles;
  }

  private static Cursor pair(Change change) {
    return new Cursor(((Upsert) change).document().version(), change.key());
  }

  private static Map<DocumentKey, Object> byKey(List<Change> changes) {
    Map<DocumentKey, Object> byKey = new HashMap<>();
    for (Change change : changes) {
      byKey.put(
          change.key(),
          change instanceof Upsert upsert ? upsert.document().values().getFirst() : "none");
    }
    return byKey;
  }

  @Test
  void namesMayBeWhateverTheDatabaseAllows() throws Exception {
    String table = "select from `where`";
    String qualified = database.schema() + "." + table;
    List<String> names = List.of("order", "my key", "dot.ted", "what?", "größe`名", "last 'change'");
    List<String> quoted = names.stream().map(Sql::name).toList();
    Listings.execute(
        writer,
        ("CREATE TABLE %s (%s BIGINT NOT NULL, %s BIGINT NOT NULL, %s VARCHAR(20), %s VARCHAR(20),"
                + " %s INT, %s DATETIME(6) NOT NULL, PRIMARY KEY (%s, %s), KEY (%s, %s, %s))")
            .formatted(
                Sql.quoted(qualified),
                quoted.get(0),
                quoted.get(1),
                quoted.get(2),
                quoted.get(3),
                quoted.get(4),
                quoted.get(5),
                quoted.get(0),
                quoted.get(1),
                quoted.get(5),
                quoted.get(0),
                quoted.get(1)),
        "INSERT INTO %s VALUES (1, 2, 'city', 'title', 7, '2026-01-01')"
            .formatted(Sql.quoted(qualified)));
    TableSpec spec =
        new TableSpec(
            qualified,
            List.of(
                new KeyColumn("order", KeyType.BIGINT), new KeyColumn("my key", KeyType.BIGINT)),
            new VersionColumn("last 'change'", new DateTime(6)),
            "dot.ted",
            List.of(FieldColumns.of("title", "what?"), FieldColumns.of("size", "größe`名")),
            quoted.get(4) + " > 0");
    IndexSchema schema =
        new IndexSchema(
            1,
            List.of(KeyType.BIGINT, KeyType.BIGINT),
            List.of(
                new FieldSpec("title", FieldType.KEYWORD, null, false, true, false),
                new FieldSpec("size", FieldType.LONG, null, false, true, false)),
            List.of());
    State state = new State();
    SourceOptions base = listings.options(List.of(Listings.endpoint(database.pair().source())));
    SourceOptions options =
        new SourceOptions(base.session(), base.limits(), base.overlap(), base.checks(), spec, null);
    try (MySqlSource source = listings.source(options, schema)) {
      assertThat(pollToEnd(source, state))
          .singleElement()
          .satisfies(
              change -> {
                assertThat(((Upsert) change).document().city().name()).isEqualTo("city");
                assertThat(((Upsert) change).document().values()).containsExactly("title", 7L);
              });
      Listings.execute(
          writer,
          "UPDATE %s SET %s = 't2', %s = UTC_TIMESTAMP(6)"
              .formatted(Sql.quoted(qualified), quoted.get(3), quoted.get(5)));
      assertThat(titles(pollToEnd(source, state))).containsExactly("t2");
    }
  }
}

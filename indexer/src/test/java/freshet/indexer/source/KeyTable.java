package freshet.indexer.source;

import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.Tombstones;
import freshet.indexer.table.VersionColumn;
import freshet.indexer.table.VersionColumn.DateTime;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
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
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** A table t with keys of every type, and its tombstones. */
public final class KeyTable {
  private KeyTable() {}

  /** What a key may be. */
  public enum Keys {
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

    public List<KeyType> types() {
      return columns.stream().map(Keys::type).toList();
    }

    /** The key columns, k0 and so on, separated by commas. */
    public String names() {
      return keyColumns().stream().map(KeyColumn::name).collect(Collectors.joining(", "));
    }

    private List<KeyColumn> keyColumns() {
      List<KeyColumn> key = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        key.add(new KeyColumn("k" + i, types().get(i)));
      }
      return key;
    }

    private String definition() {
      List<String> parts = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        parts.add("k" + i + " " + columns.get(i) + " NOT NULL");
      }
      return String.join(", ", parts);
    }

    /** The table of documents. */
    public TableSpec table() {
      return new TableSpec(
          "t",
          keyColumns(),
          new VersionColumn("v", new DateTime(6)),
          "city",
          List.of(FieldColumns.of("title", "title")),
          null);
    }

    Tombstones tombstones() {
      return new Tombstones(
          "t_deleted",
          keyColumns().stream().map(KeyColumn::name).toList(),
          new VersionColumn("at", new DateTime(6)),
          Duration.ofDays(1));
    }

    /** Of documents with a title. */
    public IndexSchema schema() {
      FieldSpec title = new FieldSpec("title", FieldType.KEYWORD, null, false, true, false);
      return new IndexSchema(1, types(), List.of(title), List.of());
    }

    private static KeyType type(String column) {
      return column.contains("UNSIGNED")
          ? KeyType.BIGINT_UNSIGNED
          : column.contains("INT")
              ? KeyType.BIGINT
              : column.contains("BINARY") ? KeyType.BINARY : KeyType.STRING;
    }

    boolean isOrderedByBytes() {
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

  /** Creates both tables. */
  public static void create(Connection writer, Keys keys) throws SQLException {
    String names = keys.names();
    Listings.execute(
        writer,
        ("CREATE TABLE t (%s, city VARCHAR(9), title VARCHAR(20), v DATETIME(6) NOT NULL,"
                + " PRIMARY KEY (%s), KEY by_version (v, %s))")
            .formatted(keys.definition(), names, names),
        "CREATE TABLE t_deleted (%s, at DATETIME(6) NOT NULL, PRIMARY KEY (at, %s))"
            .formatted(keys.definition(), names));
  }

  /** Rows of unique random keys, whose titles are n1, n2 and so on, of so many versions. */
  public static void insertRandomRows(Connection writer, Keys keys, int rows, int versions)
      throws SQLException {
    Random random = new Random(keys.name().hashCode());
    Set<String> used = new HashSet<>();
    String marks = "?,".repeat(keys.columns.size());
    try (PreparedStatement insert =
        writer.prepareStatement(
            "INSERT INTO t VALUES (" + marks + "'c', ?, '2026-01-01' + INTERVAL ? HOUR)")) {
      while (used.size() < rows) {
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
        insert.setInt(at, random.nextInt(versions));
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

  /** The titles of all rows. */
  public static List<Object> titlesInOrder(Connection reader, String order) throws SQLException {
    List<Object> titles = new ArrayList<>();
    try (Statement statement = reader.createStatement();
        ResultSet row = statement.executeQuery("SELECT title FROM t ORDER BY " + order)) {
      while (row.next()) {
        titles.add(row.getString(1));
      }
    }
    return titles;
  }
}

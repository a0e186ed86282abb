package freshet.indexer.table;

import freshet.indexer.session.Query;
import freshet.indexer.session.Sql;
import freshet.indexer.table.VersionColumn.DateTime;
import freshet.indexer.table.VersionColumn.Epoch;
import freshet.indexer.table.VersionColumn.Timestamp;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyCodec;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of a poll. Conditions and orders name the bare version column, so that an index on
 * (version, key) serves them; what is selected is computed from it in the server, so that no point
 * in time passes a time zone.
 */
public final class PollStatements {
  private static final DateTimeFormatter TEXT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);
  private static final LocalDateTime EARLIEST = LocalDateTime.of(1000, 1, 1, 0, 0);
  private static final LocalDateTime LATEST = LocalDateTime.of(9999, 12, 31, 23, 59, 59);
  private static final long MICROS_PER_SECOND = 1_000_000;

  private final TableSpec table;
  private final @Nullable Tombstones tombstones;
  private final KeyCodec codec;
  private final List<String> keyColumns;
  private final String rowColumns;
  private final String rowBytes;

  public PollStatements(TableSpec table, @Nullable Tombstones tombstones, IndexSchema schema) {
    this.table = table;
    this.tombstones = tombstones;
    this.codec = schema.keyCodec();
    this.keyColumns = table.key().stream().map(KeyColumn::name).toList();
    List<String> columns = new ArrayList<>(List.of(Sql.quoted(table.city())));
    columns.add(table.searchableIf() == null ? "1" : "(" + table.searchableIf() + ") IS TRUE");
    List<String> large = new ArrayList<>(List.of(Sql.quoted(table.city())));
    for (FieldSpec field : schema.fields()) {
      FieldColumns from = columnsOf(table, field);
      for (String column : from.columns()) {
        boolean isPointInTime = field.type() == FieldType.DATE && !field.multiValued();
        columns.add(isPointInTime ? Sql.MICROS.formatted(Sql.quoted(column)) : Sql.quoted(column));
        large.add(Sql.quoted(column));
      }
    }
    this.rowColumns = String.join(", ", columns);
    this.rowBytes =
        large.stream()
            .map(column -> "COALESCE(OCTET_LENGTH(" + column + "),0)")
            .collect(Collectors.joining("+"));
  }

  /** The columns of a field of the schema. */
  public static FieldColumns columnsOf(TableSpec table, FieldSpec field) {
    return table.fields().stream()
        .filter(columns -> columns.field().equals(field.name()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no column of table " + table.name() + " is given for field " + field.name()));
  }

  /** Version and key columns of tombstones. */
  public Query tombstones(Cursor after, int limit) {
    Tombstones of = java.util.Objects.requireNonNull(tombstones, "tombstones are configured");
    return pairs(of.table(), of.version(), of.key(), after, limit);
  }

  /** Version and key columns of documents. */
  public Query pairs(Cursor after, int limit) {
    return pairs(table.name(), table.version(), keyColumns, after, limit);
  }

  /** Version, key columns and content of documents, in keyset order. */
  public Query rows(Cursor after, int limit) {
    List<Object> parameters = new ArrayList<>();
    String sql =
        "SELECT %s, %s, %s FROM %s WHERE %s ORDER BY %s LIMIT %d"
            .formatted(
                micros(table.version()),
                names(keyColumns),
                rowColumns,
                Sql.quoted(table.name()),
                after(table.version(), keyColumns, after, parameters),
                order(table.version(), keyColumns),
                limit);
    return new Query(sql, parameters);
  }

  /** Version, key columns and content of the documents of these keys. */
  public Query lookUp(List<DocumentKey> keys) {
    return ofKeys(rowColumns, keys);
  }

  /** Version, key columns and length in bytes of the documents of these keys. */
  public Query sizes(List<DocumentKey> keys) {
    return ofKeys(rowBytes, keys);
  }

  /**
   * Version, key columns of documents after a key, and whether they are to be indexed, in the order
   * of the unique key.
   */
  public Query keysAfter(DocumentKey after, int limit) {
    List<Object> parameters = new ArrayList<>();
    String where =
        after.equals(DocumentKey.EMPTY)
            ? ""
            : " WHERE " + keyAfter(keyColumns, codec.decode(after), parameters);
    String sql =
        "SELECT %s, %s, %s FROM %s%s ORDER BY %s LIMIT %d"
            .formatted(
                micros(table.version()),
                names(keyColumns),
                isIndexed(),
                Sql.quoted(table.name()),
                where,
                names(keyColumns),
                limit);
    return new Query(sql, parameters);
  }

  /** The same of the documents of these keys. */
  public Query keys(List<DocumentKey> keys) {
    return ofKeys(isIndexed(), keys);
  }

  private String isIndexed() {
    String hasVersion = Sql.quoted(table.version().name()) + " IS NOT NULL";
    return table.searchableIf() == null
        ? hasVersion
        : "(%s AND (%s) IS TRUE)".formatted(hasVersion, table.searchableIf());
  }

  /** Key columns of documents without a version, which no other query finds. */
  public Query withoutVersion(int limit) {
    return Query.of(
        "SELECT NULL, %s FROM %s WHERE %s IS NULL LIMIT %d"
            .formatted(
                names(keyColumns),
                Sql.quoted(table.name()),
                Sql.quoted(table.version().name()),
                limit));
  }

  private Query ofKeys(String columns, List<DocumentKey> keys) {
    List<Object> parameters = new ArrayList<>();
    keys.forEach(key -> parameters.addAll(codec.decode(key)));
    String sql =
        "SELECT %s, %s, %s FROM %s WHERE %s"
            .formatted(
                micros(table.version()),
                names(keyColumns),
                columns,
                Sql.quoted(table.name()),
                anyOf(keyColumns, keys.size()));
    return new Query(sql, parameters);
  }

  private Query pairs(
      String from, VersionColumn version, List<String> key, Cursor after, int limit) {
    List<Object> parameters = new ArrayList<>();
    String sql =
        "SELECT %s, %s FROM %s WHERE %s ORDER BY %s LIMIT %d"
            .formatted(
                micros(version),
                names(key),
                Sql.quoted(from),
                after(version, key, after, parameters),
                order(version, key),
                limit);
    return new Query(sql, parameters);
  }

  /** A list for one column; for several OR, since MariaDB finds no range in a list of tuples. */
  private static String anyOf(List<String> key, int count) {
    if (key.size() == 1) {
      return Sql.quoted(key.getFirst())
          + " IN ("
          + String.join(",", Collections.nCopies(count, "?"))
          + ")";
    }
    String one =
        key.stream().map(c -> Sql.quoted(c) + "=?").collect(Collectors.joining(" AND ", "(", ")"));
    return String.join(" OR ", Collections.nCopies(count, one));
  }

  /** Spelled out: both servers find the index range in this, and not in a tuple comparison. */
  private String after(
      VersionColumn version, List<String> key, Cursor after, List<Object> parameters) {
    String column = Sql.quoted(version.name());
    Object bound = after.equals(Cursor.START) ? null : literal(version, after.version());
    if (bound == null) {
      return column + " IS NOT NULL";
    }
    parameters.add(bound);
    if (after.key().equals(DocumentKey.EMPTY)) {
      return column + " >= ?";
    }
    parameters.add(bound);
    return "(%s > ? OR (%s = ? AND %s))"
        .formatted(column, column, keyAfter(key, codec.decode(after.key()), parameters));
  }

  private static String keyAfter(List<String> key, List<Object> values, List<Object> parameters) {
    String column = Sql.quoted(key.getFirst());
    parameters.add(values.getFirst());
    if (key.size() == 1) {
      return column + " > ?";
    }
    parameters.add(values.getFirst());
    return "(%s > ? OR (%s = ? AND %s))"
        .formatted(
            column,
            column,
            keyAfter(key.subList(1, key.size()), values.subList(1, values.size()), parameters));
  }

  private static String order(VersionColumn version, List<String> key) {
    return Sql.quoted(version.name()) + ", " + names(key);
  }

  private static String names(List<String> columns) {
    return columns.stream().map(Sql::quoted).collect(Collectors.joining(", "));
  }

  private static String micros(VersionColumn version) {
    String column = Sql.quoted(version.name());
    return switch (version.type()) {
      case DateTime dateTime -> Sql.MICROS.formatted(column);
      case Timestamp timestamp -> Sql.MICROS.formatted(column);
      case Epoch(VersionColumn.Unit unit) ->
          unit.micros() == 1 ? column : column + "*" + unit.micros();
    };
  }

  /** What the column is compared with; null where every value of the column is later. */
  private static @Nullable Object literal(VersionColumn version, long micros) {
    return switch (version.type()) {
      case DateTime dateTime -> text(micros);
      case Timestamp timestamp -> micros <= 0 ? null : text(micros);
      case Epoch(VersionColumn.Unit unit) -> (Object) Math.floorDiv(micros, unit.micros());
    };
  }

  private static @Nullable String text(long micros) {
    long seconds = Math.floorDiv(micros, MICROS_PER_SECOND);
    if (seconds < EARLIEST.toEpochSecond(ZoneOffset.UTC)) {
      return null;
    }
    if (seconds > LATEST.toEpochSecond(ZoneOffset.UTC)) {
      return LATEST.format(TEXT);
    }
    int nanos = Math.toIntExact(Math.floorMod(micros, MICROS_PER_SECOND) * 1_000);
    return LocalDateTime.ofEpochSecond(seconds, nanos, ZoneOffset.UTC).format(TEXT);
  }
}

package freshet.indexer.source;

import freshet.indexer.source.VersionColumn.DateTime;
import freshet.indexer.source.VersionColumn.Epoch;
import freshet.indexer.source.VersionColumn.Timestamp;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of a poll. Conditions and orders name the bare version column, so that an index on
 * (version, key) serves them; what is selected is computed from it in the server, so that no point
 * in time passes a time zone.
 */
final class PollStatements {
  /** What a point in time is computed to: microseconds since 1970 UTC. */
  static final String MICROS = "TIMESTAMPDIFF(MICROSECOND,'1970-01-01 00:00:00',%s)";

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

  PollStatements(TableSpec table, @Nullable Tombstones tombstones, IndexSchema schema) {
    this.table = table;
    this.tombstones = tombstones;
    this.codec = schema.keyCodec();
    this.keyColumns = table.key().stream().map(KeyColumn::name).toList();
    List<String> columns = new ArrayList<>(List.of(quoted(table.city())));
    columns.add(table.searchableIf() == null ? "1" : "(" + table.searchableIf() + ") IS TRUE");
    List<String> large = new ArrayList<>(List.of(quoted(table.city())));
    for (FieldSpec field : schema.fields()) {
      FieldColumns from = columnsOf(table, field);
      for (String column : from.columns()) {
        boolean isPointInTime = field.type() == FieldType.DATE && !field.multiValued();
        columns.add(isPointInTime ? MICROS.formatted(quoted(column)) : quoted(column));
        large.add(quoted(column));
      }
    }
    this.rowColumns = String.join(", ", columns);
    this.rowBytes =
        large.stream()
            .map(column -> "COALESCE(OCTET_LENGTH(" + column + "),0)")
            .collect(Collectors.joining("+"));
  }

  /** The columns of a field of the schema. */
  static FieldColumns columnsOf(TableSpec table, FieldSpec field) {
    return table.fields().stream()
        .filter(columns -> columns.field().equals(field.name()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no column of table " + table.name() + " is given for field " + field.name()));
  }

  /** Name in backticks; a dot separates the database from the table. */
  static String quoted(String name) {
    return Stream.of(name.split("\\.", 2))
        .map(part -> '`' + part.replace("`", "``") + '`')
        .collect(Collectors.joining("."));
  }

  /** Version and key columns of tombstones. */
  Query tombstones(Cursor after, int limit) {
    Tombstones of = java.util.Objects.requireNonNull(tombstones, "tombstones are configured");
    return pairs(of.table(), of.version(), of.key(), after, limit);
  }

  /** Version and key columns of documents. */
  Query pairs(Cursor after, int limit) {
    return pairs(table.name(), table.version(), keyColumns, after, limit);
  }

  /** Version, key columns and content of documents, in keyset order. */
  Query rows(Cursor after, int limit) {
    List<Object> parameters = new ArrayList<>();
    String sql =
        "SELECT %s, %s, %s FROM %s WHERE %s ORDER BY %s LIMIT %d"
            .formatted(
                micros(table.version()),
                names(keyColumns),
                rowColumns,
                quoted(table.name()),
                after(table.version(), keyColumns, after, parameters),
                order(table.version(), keyColumns),
                limit);
    return new Query(sql, parameters);
  }

  /** Version, key columns and content of the documents of these keys. */
  Query lookUp(List<DocumentKey> keys) {
    return ofKeys(rowColumns, keys);
  }

  /** Version, key columns and length in bytes of the documents of these keys. */
  Query sizes(List<DocumentKey> keys) {
    return ofKeys(rowBytes, keys);
  }

  /** Key columns of documents without a version, which no other query finds. */
  Query withoutVersion(int limit) {
    return Query.of(
        "SELECT NULL, %s FROM %s WHERE %s IS NULL LIMIT %d"
            .formatted(
                names(keyColumns), quoted(table.name()), quoted(table.version().name()), limit));
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
                quoted(table.name()),
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
                quoted(from),
                after(version, key, after, parameters),
                order(version, key),
                limit);
    return new Query(sql, parameters);
  }

  /** A list for one column; for several OR, since MariaDB finds no range in a list of tuples. */
  private static String anyOf(List<String> key, int count) {
    if (key.size() == 1) {
      return quoted(key.getFirst())
          + " IN ("
          + String.join(",", Collections.nCopies(count, "?"))
          + ")";
    }
    String one =
        key.stream().map(c -> quoted(c) + "=?").collect(Collectors.joining(" AND ", "(", ")"));
    return String.join(" OR ", Collections.nCopies(count, one));
  }

  /** Spelled out: both servers find the index range in this, and not in a tuple comparison. */
  private String after(
      VersionColumn version, List<String> key, Cursor after, List<Object> parameters) {
    String column = quoted(version.name());
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
    String column = quoted(key.getFirst());
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
    return quoted(version.name()) + ", " + names(key);
  }

  private static String names(List<String> columns) {
    return columns.stream().map(PollStatements::quoted).collect(Collectors.joining(", "));
  }

  private static String micros(VersionColumn version) {
    String column = quoted(version.name());
    return switch (version.type()) {
      case DateTime dateTime -> MICROS.formatted(column);
      case Timestamp timestamp -> MICROS.formatted(column);
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

package freshet.indexer.table;

import freshet.indexer.session.Query;
import freshet.indexer.session.Sql;
import freshet.indexer.table.VersionColumn.DateTime;
import freshet.indexer.table.VersionColumn.Epoch;
import freshet.indexer.table.VersionColumn.Timestamp;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
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
 * One table in keyset order. Conditions and orders name the bare columns, so that an index on
 * (version, key) serves them.
 *
 * @param table its name
 * @param version the first column of the order
 * @param key the columns after it
 * @param codec of those columns' types
 */
record KeysetSql(String table, VersionColumn version, List<String> key, KeyCodec codec) {
  private static final DateTimeFormatter TEXT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);
  private static final LocalDateTime EARLIEST = LocalDateTime.of(1000, 1, 1, 0, 0);
  private static final LocalDateTime LATEST = LocalDateTime.of(9999, 12, 31, 23, 59, 59);
  private static final String FIRST_TIMESTAMP = "1970-01-01 00:00:01";
  private static final long MICROS_PER_SECOND = 1_000_000;

  static KeysetSql of(String table, VersionColumn version, List<KeyColumn> key) {
    return new KeysetSql(
        table,
        version,
        key.stream().map(KeyColumn::name).toList(),
        new KeyCodec(key.stream().map(KeyColumn::type).toList()));
  }

  /** The first pairs after a place. */
  Query pairs(Cursor after, int limit) {
    return rows("", after, limit);
  }

  /**
   * The first rows after a place.
   *
   * @param more what is selected after version and key, empty or with a leading comma
   */
  Query rows(String more, Cursor after, int limit) {
    List<Object> parameters = new ArrayList<>();
    String sql =
        "SELECT %s, %s%s FROM %s WHERE %s ORDER BY %s, %s LIMIT %d"
            .formatted(
                micros(),
                names(),
                more,
                Sql.quoted(table),
                after(after, parameters),
                Sql.name(version.name()),
                names(),
                limit);
    return new Query(sql, parameters);
  }

  /**
   * The first rows after a key, in the order of keys.
   *
   * @param more what is selected after version and key
   * @param after the empty key is the start
   */
  Query keys(String more, DocumentKey after, int limit) {
    List<Object> parameters = new ArrayList<>();
    String where = after.equals(DocumentKey.EMPTY) ? "" : " WHERE " + keyAfter(after, parameters);
    return new Query(
        "SELECT %s, %s, %s FROM %s%s ORDER BY %s LIMIT %d"
            .formatted(micros(), names(), more, Sql.quoted(table), where, names(), limit),
        parameters);
  }

  /**
   * The first rows of a stretch, in the order of keys.
   *
   * @param more what is selected after version and key, empty or with a leading comma
   * @param after exclusive; the empty key is the start
   * @param upTo inclusive; the empty key is the end
   */
  Query stretch(String more, DocumentKey after, DocumentKey upTo, int limit) {
    List<Object> parameters = new ArrayList<>();
    String where = between(after, upTo, parameters);
    return new Query(
        "SELECT %s, %s%s FROM %s WHERE %s ORDER BY %s LIMIT %d"
            .formatted(micros(), names(), more, Sql.quoted(table), where, names(), limit),
        parameters);
  }

  /** The condition that a key lies in a stretch; one that is NULL lies in none. */
  String between(DocumentKey after, DocumentKey upTo, List<Object> parameters) {
    List<String> conditions = new ArrayList<>();
    if (!after.equals(DocumentKey.EMPTY)) {
      conditions.add(keyAfter(after, parameters));
    }
    if (!upTo.equals(DocumentKey.EMPTY)) {
      conditions.add(compared(key, codec.decode(upTo), "<", "<=", parameters));
    }
    key.forEach(column -> conditions.add(Sql.name(column) + " IS NOT NULL"));
    return String.join(" AND ", conditions);
  }

  /** Version and key columns of the row with the last key. */
  Query last() {
    return Query.of(
        "SELECT %s, %s FROM %s WHERE %s ORDER BY %s LIMIT 1"
            .formatted(
                micros(),
                names(),
                Sql.quoted(table),
                between(DocumentKey.EMPTY, DocumentKey.EMPTY, new ArrayList<>()),
                key.stream().map(c -> Sql.name(c) + " DESC").collect(Collectors.joining(", "))));
  }

  /** Version and key columns of these keys' rows, in the order of keys. */
  Query inOrder(List<DocumentKey> keys) {
    return new Query(
        "SELECT %s, %s FROM %s WHERE %s ORDER BY %s"
            .formatted(micros(), names(), Sql.quoted(table), isAnyOf(keys.size()), names()),
        values(keys));
  }

  /** Version and key columns of a row of the newest version up to this one. */
  Query newest(long through) {
    Object bound = literal(through);
    String column = Sql.name(version.name());
    return new Query(
        "SELECT %s, %s FROM %s WHERE %s ORDER BY %s DESC LIMIT 1"
            .formatted(
                micros(),
                names(),
                Sql.quoted(table),
                bound == null ? "FALSE" : column + " <= ?",
                column),
        bound == null ? List.of() : List.of(bound));
  }

  /** Key columns of rows without a version. */
  Query withoutVersion(int limit) {
    return Query.of(
        "SELECT NULL, %s FROM %s WHERE %s IS NULL LIMIT %d"
            .formatted(names(), Sql.quoted(table), Sql.name(version.name()), limit));
  }

  /** Key columns of rows without a version or without a key, which no other query finds. */
  Query withoutIdentity(int limit) {
    String column = Sql.name(version.name());
    String earliest = earliest();
    String noDate = earliest == null ? "" : " OR " + column + " < '" + earliest + "'";
    String noKey =
        key.stream().map(c -> " OR " + Sql.name(c) + " IS NULL").collect(Collectors.joining());
    return Query.of(
        "SELECT NULL, %s FROM %s WHERE %s IS NULL%s%s LIMIT %d"
            .formatted(names(), Sql.quoted(table), column, noDate, noKey, limit));
  }

  /** Key columns of a row of which one is NULL. */
  Query withoutKey() {
    String isNull =
        key.stream().map(c -> Sql.name(c) + " IS NULL").collect(Collectors.joining(" OR "));
    return Query.of(
        "SELECT NULL, %s FROM %s WHERE %s LIMIT 1".formatted(names(), Sql.quoted(table), isNull));
  }

  /** For a FROM clause. */
  String quotedTable() {
    return Sql.quoted(table);
  }

  /** The key columns, separated by commas. */
  String names() {
    return key.stream().map(Sql::name).collect(Collectors.joining(", "));
  }

  /** The values of keys, in their order. */
  List<Object> values(List<DocumentKey> keys) {
    List<Object> values = new ArrayList<>();
    keys.forEach(one -> values.addAll(codec.decode(one)));
    return values;
  }

  /** A list for one column; for several OR, since MariaDB finds no range in a list of tuples. */
  String isAnyOf(int count) {
    if (key.size() == 1) {
      return names() + " IN (" + String.join(",", Collections.nCopies(count, "?")) + ")";
    }
    String one =
        key.stream().map(c -> Sql.name(c) + "=?").collect(Collectors.joining(" AND ", "(", ")"));
    return String.join(" OR ", Collections.nCopies(count, one));
  }

  /** The version, computed in the server, so that no point in time passes a time zone. */
  String micros() {
    String column = Sql.name(version.name());
    return switch (version.type()) {
      case DateTime dateTime -> Sql.MICROS.formatted(column);
      case Timestamp timestamp -> Sql.MICROS.formatted(column);
      case Epoch(VersionColumn.Unit unit) ->
          unit.micros() == 1 ? column : column + "*" + unit.micros();
    };
  }

  /** Spelled out: both servers find the index range in this, and not in a tuple comparison. */
  private String after(Cursor after, List<Object> parameters) {
    String column = Sql.name(version.name());
    Object bound = after.equals(Cursor.START) ? null : literal(after.version());
    if (bound == null) {
      String earliest = earliest();
      // A date of zeros is no point in time, and would come first of all.
      return earliest == null ? column + " IS NOT NULL" : column + " >= '" + earliest + "'";
    }
    parameters.add(bound);
    if (after.key().equals(DocumentKey.EMPTY)) {
      return column + " >= ?";
    }
    parameters.add(bound);
    return "(%s > ? OR (%s = ? AND %s))"
        .formatted(column, column, keyAfter(after.key(), parameters));
  }

  /** The condition that the key lies after this one. */
  String keyAfter(DocumentKey after, List<Object> parameters) {
    return compared(key, codec.decode(after), ">", ">", parameters);
  }

  /**
   * Compares column by column.
   *
   * @param operator of all columns but the last, whose equal values leave it to the next one
   * @param last operator of the last column
   */
  private static String compared(
      List<String> key,
      List<Object> values,
      String operator,
      String last,
      List<Object> parameters) {
    String column = Sql.name(key.getFirst());
    parameters.add(values.getFirst());
    if (key.size() == 1) {
      return column + " " + last + " ?";
    }
    parameters.add(values.getFirst());
    return "(%s %s ? OR (%s = ? AND %s))"
        .formatted(
            column,
            operator,
            column,
            compared(
                key.subList(1, key.size()),
                values.subList(1, values.size()),
                operator,
                last,
                parameters));
  }

  /** What the column is compared with; null where every value of the column is later. */
  private @Nullable Object literal(long micros) {
    return switch (version.type()) {
      case DateTime dateTime -> text(micros);
      case Timestamp timestamp -> micros <= 0 ? null : text(micros);
      case Epoch(VersionColumn.Unit unit) -> (Object) Math.floorDiv(micros, unit.micros());
    };
  }

  /** The first point in time that a column of dates may hold; null if it holds a number. */
  private @Nullable String earliest() {
    return switch (version.type()) {
      case DateTime dateTime -> EARLIEST.format(TEXT);
      case Timestamp timestamp -> FIRST_TIMESTAMP;
      case Epoch epoch -> null;
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

package freshet.indexer.table;

import freshet.indexer.session.Query;
import freshet.indexer.session.Sql;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.IndexSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of a poll. Pairs come from the tables themselves; the rows of documents too, unless a
 * query of the user's is configured: then it yields them, by key.
 */
public final class PollStatements {
  private final TableSpec table;
  private final IndexSchema schema;
  private final KeysetSql documents;
  private final @Nullable KeysetSql tombstones;
  private final List<String> columns;
  private final String rowColumns;
  private final String rowBytes;

  public PollStatements(TableSpec table, @Nullable Tombstones tombstones, IndexSchema schema) {
    this.table = table;
    this.schema = schema;
    this.documents = KeysetSql.of(table.name(), table.version(), table.key());
    this.tombstones =
        tombstones == null
            ? null
            : new KeysetSql(
                tombstones.table(), tombstones.version(), tombstones.key(), schema.keyCodec());
    List<String> columns = new ArrayList<>(List.of(Sql.name(table.city())));
    columns.add(table.searchableIf() == null ? "1" : "(" + table.searchableIf() + ") IS TRUE");
    for (FieldSpec field : schema.fields()) {
      FieldColumns from = columnsOf(table, field);
      for (String column : from.columns()) {
        columns.add(expression(field, from).formatted(Sql.name(column)));
      }
    }
    this.columns = List.copyOf(columns);
    this.rowColumns = String.join(", ", columns);
    this.rowBytes =
        columns.stream()
            .map(column -> "OCTET_LENGTH(" + column + ")")
            .collect(Collectors.joining(", "));
  }

  /** How a column of a field is selected, with %s for its name. */
  private static String expression(FieldSpec field, FieldColumns from) {
    if (from.isPointInTime(field)) {
      return Sql.MICROS;
    }
    if (from.isOfBytes(field)) {
      return "HEX(%s)";
    }
    return from.format() == FieldColumns.Format.UTF8 ? "CAST(%s AS BINARY)" : "%s";
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

  TableSpec table() {
    return table;
  }

  IndexSchema schema() {
    return schema;
  }

  /** The documents' table in its two orders. */
  KeysetSql documents() {
    return documents;
  }

  /** The tombstones' table; null if there is none. */
  @Nullable KeysetSql deletions() {
    return tombstones;
  }

  /** What is selected of a row after version and key. */
  String rowColumns() {
    return rowColumns;
  }

  /** Whether rows can be had by their keys alone. */
  boolean isByKeyOnly() {
    return table.query() != null;
  }

  /** Version and key columns of tombstones. */
  public Query tombstones(Cursor after, int limit) {
    return kept().pairs(after, limit);
  }

  /** Version and key columns of the tombstones of these keys. */
  Query tombstonesOf(List<DocumentKey> keys) {
    return kept().inOrder(keys);
  }

  private KeysetSql kept() {
    return Objects.requireNonNull(tombstones, "tombstones are configured");
  }

  /** Version and key columns of documents. */
  public Query pairs(Cursor after, int limit) {
    return documents.pairs(after, limit);
  }

  /** Version, key columns and content of documents, in keyset order. */
  public Query rows(Cursor after, int limit) {
    if (isByKeyOnly()) {
      throw new IllegalStateException("the query of table " + table.name() + " is by key only");
    }
    return documents.rows(", " + rowColumns, after, limit);
  }

  /** Version, key columns and content of the documents of these keys. */
  public Query lookUp(List<DocumentKey> keys) {
    return ofKeys(rowColumns, keys);
  }

  /** Version, key columns and the lengths in bytes of each column of these keys' content. */
  public Query sizes(List<DocumentKey> keys) {
    return ofKeys(rowBytes, keys);
  }

  /**
   * Version, key columns of documents after a key, whether they are to be indexed, and their city
   * where the table has it, in the order of the unique key.
   */
  public Query keysAfter(DocumentKey after, int limit) {
    String city = isByKeyOnly() ? "NULL" : Sql.name(table.city());
    return documents.keys(isIndexed() + ", " + city, after, limit);
  }

  /** The same of the documents of these keys. */
  public Query keys(List<DocumentKey> keys) {
    return ofKeys(isIndexed() + ", " + Sql.name(table.city()), keys);
  }

  /** With a query of the user's, what its rows say is asked by key only, of those that differ. */
  private String isIndexed() {
    String hasVersion = Sql.name(table.version().name()) + " IS NOT NULL";
    return table.searchableIf() == null || isByKeyOnly()
        ? hasVersion
        : "(%s AND (%s) IS TRUE)".formatted(hasVersion, table.searchableIf());
  }

  /** The length in bytes of the longest of the newest rows. */
  public Query largest(int rows) {
    String total =
        columns.stream()
            .map(column -> "COALESCE(OCTET_LENGTH(" + column + "),0)")
            .collect(Collectors.joining("+"));
    return Query.of(
        "SELECT MAX(bytes) FROM (SELECT %s AS bytes FROM %s ORDER BY %s DESC LIMIT %d) newest"
            .formatted(total, Sql.quoted(table.name()), Sql.quoted(table.version().name()), rows));
  }

  /**
   * What a poll runs, for whoever asks the server how it would.
   *
   * @param documents a place in the documents' table; with a key, the look-ups ask for that
   * @param deletions a place in the tombstones' table
   * @param sides places in side tables, by name
   */
  public List<NamedQuery> named(
      Cursor documents, Cursor deletions, Map<String, Cursor> sides, int limit) {
    List<NamedQuery> all = new ArrayList<>();
    if (tombstones != null) {
      all.add(
          new NamedQuery("page of tombstones", tombstones.table(), tombstones(deletions, limit)));
    }
    all.add(new NamedQuery("page of versions", table.name(), pairs(documents, limit)));
    if (!isByKeyOnly()) {
      all.add(new NamedQuery("page of rows", table.name(), rows(documents, limit)));
    }
    if (!documents.key().equals(DocumentKey.EMPTY)) {
      List<DocumentKey> keys = List.of(documents.key());
      all.add(new NamedQuery("look-up by key", table.name(), isByKeyOnly(), lookUp(keys)));
      all.add(new NamedQuery("look-up of sizes", table.name(), isByKeyOnly(), sizes(keys)));
      all.add(new NamedQuery("page of keys", table.name(), keysAfter(documents.key(), limit)));
      all.add(new NamedQuery("look-up of versions", table.name(), isByKeyOnly(), keys(keys)));
    }
    for (SideTable side : table.alsoChangedBy()) {
      Cursor place = sides.getOrDefault(side.name(), Cursor.START);
      all.add(
          new NamedQuery(
              "page of side table " + side.name(), side.table(), sidePairs(side, place, limit)));
      if (!place.key().equals(DocumentKey.EMPTY)) {
        all.add(
            new NamedQuery(
                "documents of side table " + side.name(),
                side.table(),
                true,
                documentsOf(side, List.of(place.key()), DocumentKey.EMPTY, limit)));
      }
    }
    return all;
  }

  /** Key columns of documents without a version. */
  public Query withoutVersion(int limit) {
    return documents.withoutVersion(limit);
  }

  /** Key columns of documents without a version or a key, which no other query finds. */
  Query withoutIdentity(int limit) {
    return documents.withoutIdentity(limit);
  }

  /** Version and key columns of a side table. */
  public Query sidePairs(SideTable side, Cursor after, int limit) {
    return of(side).pairs(after, limit);
  }

  /**
   * Key columns of the documents that rows of a side table concern, each once, in the order of
   * keys.
   *
   * @param after where to go on; the empty key is the start
   */
  public Query documentsOf(
      SideTable side, List<DocumentKey> sideKeys, DocumentKey after, int limit) {
    List<Object> parameters = new ArrayList<>();
    String from = derived(side.documents(), of(side), sideKeys, parameters);
    // A joined side that has no document is a NULL here.
    String condition =
        documents.key().stream()
            .map(column -> Sql.name(column) + " IS NOT NULL")
            .collect(Collectors.joining(" AND "));
    if (!after.equals(DocumentKey.EMPTY)) {
      condition += " AND " + documents.keyAfter(after, parameters);
    }
    String names = documents.names();
    return new Query(
        "SELECT DISTINCT %s FROM %s WHERE %s ORDER BY %s LIMIT %d"
            .formatted(names, from, condition, names, limit),
        parameters);
  }

  static KeysetSql of(SideTable side) {
    return KeysetSql.of(side.table(), side.version(), side.key());
  }

  /** How many columns the content of a row has. */
  int columns() {
    return columns.size();
  }

  /** Some columns of a row's content. */
  Query columns(DocumentKey key, List<Integer> some) {
    return selected(
        some.stream().map(columns::get).collect(Collectors.joining(", ")), List.of(key));
  }

  /** A piece of a column: characters of a text, bytes of what is none; the first is 1. */
  Query piece(DocumentKey key, int column, long from, long length) {
    return selected(
        "SUBSTRING(%s, %d, %d)".formatted(columns.get(column), from, length), List.of(key));
  }

  private Query ofKeys(String more, List<DocumentKey> keys) {
    return selected("%s, %s, %s".formatted(documents.micros(), documents.names(), more), keys);
  }

  private Query selected(String what, List<DocumentKey> keys) {
    KeysSql query = table.query();
    List<Object> parameters = new ArrayList<>();
    String from;
    if (query == null) {
      from = Sql.quoted(table.name()) + " WHERE " + documents.isAnyOf(keys.size());
      parameters.addAll(documents.values(keys));
    } else {
      from = derived(query, documents, keys, parameters);
    }
    return new Query("SELECT %s FROM %s".formatted(what, from), parameters);
  }

  private static String derived(
      KeysSql sql, KeysetSql of, List<DocumentKey> keys, List<Object> parameters) {
    for (int i = 0; i < sql.occurrences(); i++) {
      parameters.addAll(of.values(keys));
    }
    return sql.asTable(of.key().size(), keys.size());
  }
}

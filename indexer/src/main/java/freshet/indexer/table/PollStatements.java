package freshet.indexer.table;

import freshet.indexer.session.Query;
import freshet.indexer.session.Sql;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyCodec;
import freshet.replicator.snapshot.KeyType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
  private final KeysetSql documents;
  private final @Nullable KeysetSql tombstones;
  private final String rowColumns;
  private final String rowBytes;

  public PollStatements(TableSpec table, @Nullable Tombstones tombstones, IndexSchema schema) {
    this.table = table;
    this.documents = KeysetSql.of(table.name(), table.version(), table.key());
    this.tombstones =
        tombstones == null
            ? null
            : new KeysetSql(
                tombstones.table(), tombstones.version(), tombstones.key(), schema.keyCodec());
    List<String> columns = new ArrayList<>(List.of(Sql.name(table.city())));
    columns.add(table.searchableIf() == null ? "1" : "(" + table.searchableIf() + ") IS TRUE");
    List<String> large = new ArrayList<>(List.of(Sql.name(table.city())));
    for (FieldSpec field : schema.fields()) {
      FieldColumns from = columnsOf(table, field);
      for (String column : from.columns()) {
        boolean isPointInTime = field.type() == FieldType.DATE && !field.multiValued();
        columns.add(isPointInTime ? Sql.MICROS.formatted(Sql.name(column)) : Sql.name(column));
        large.add(Sql.name(column));
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

  /** Whether rows can be had by their keys alone. */
  boolean isByKeyOnly() {
    return table.query() != null;
  }

  /** Version and key columns of tombstones. */
  public Query tombstones(Cursor after, int limit) {
    return Objects.requireNonNull(tombstones, "tombstones are configured").pairs(after, limit);
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

  /** Version, key columns and length in bytes of the documents of these keys. */
  public Query sizes(List<DocumentKey> keys) {
    return ofKeys(rowBytes, keys);
  }

  /** Key columns of documents without a version, which no other query finds. */
  public Query withoutVersion(int limit) {
    return documents.withoutVersion(limit);
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

  /** Each statement that polls send, with values that stand for any, by what it reads. */
  public Map<String, Query> samples() {
    Map<String, Query> samples = new LinkedHashMap<>();
    Cursor place = new Cursor(1_000_000, sampleKey(documents.codec()));
    if (tombstones != null) {
      samples.put("tombstones", tombstones(place, 1));
    }
    samples.put("versions", pairs(place, 1));
    if (!isByKeyOnly()) {
      samples.put("rows", rows(place, 1));
    }
    samples.put("rows by key", lookUp(List.of(place.key())));
    for (SideTable side : table.alsoChangedBy()) {
      DocumentKey key = sampleKey(of(side).codec());
      samples.put("side table " + side.name(), sidePairs(side, new Cursor(1_000_000, key), 1));
      samples.put(
          "documents of side table " + side.name(),
          documentsOf(side, List.of(key), place.key(), 1));
    }
    return samples;
  }

  private static DocumentKey sampleKey(KeyCodec codec) {
    List<Object> values = new ArrayList<>();
    for (KeyType type : codec.types()) {
      values.add(
          switch (type) {
            case BIGINT -> 1L;
            case BIGINT_UNSIGNED -> BigInteger.ONE;
            case STRING -> "1";
            case BINARY -> new byte[] {1};
          });
    }
    return codec.encode(values);
  }

  private static KeysetSql of(SideTable side) {
    return KeysetSql.of(side.table(), side.version(), side.key());
  }

  private Query ofKeys(String columns, List<DocumentKey> keys) {
    KeysSql query = table.query();
    List<Object> parameters = new ArrayList<>();
    String from;
    if (query == null) {
      from = Sql.quoted(table.name()) + " WHERE " + documents.isAnyOf(keys.size());
      parameters.addAll(documents.values(keys));
    } else {
      from = derived(query, documents, keys, parameters);
    }
    return new Query(
        "SELECT %s, %s, %s FROM %s".formatted(documents.micros(), documents.names(), columns, from),
        parameters);
  }

  private static String derived(
      KeysSql sql, KeysetSql of, List<DocumentKey> keys, List<Object> parameters) {
    for (int i = 0; i < sql.occurrences(); i++) {
      parameters.addAll(of.values(keys));
    }
    return sql.asTable(of.key().size(), keys.size());
  }
}

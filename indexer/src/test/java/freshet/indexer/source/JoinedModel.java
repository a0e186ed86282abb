package freshet.indexer.source;

import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.KeysSql;
import freshet.indexer.table.PageReader;
import freshet.indexer.table.Row;
import freshet.indexer.table.SideTable;
import freshet.indexer.table.SourceDocument;
import freshet.indexer.table.TableKey;
import freshet.indexer.table.VersionColumn;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.KeyType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** A table model whose documents also show their seller's name; three sellers share the rows. */
final class JoinedModel implements PageReader {
  static final SideTable SELLERS =
      new SideTable(
          "sellers",
          "seller",
          List.of(new KeyColumn("id", KeyType.BIGINT)),
          new VersionColumn("at", new VersionColumn.Epoch(VersionColumn.Unit.MICROS)),
          KeysSql.parse("SELECT id FROM listing WHERE seller_id IN (:keys)"));

  final TableModel table = new TableModel();
  private final Map<Long, TableModel.Content> sellers = new TreeMap<>();

  /** Whose documents the join does not yield. */
  final Set<Long> banned = new HashSet<>();

  boolean byKeyOnly;
  int documentReads;

  void seller(long id, long version, String name) {
    sellers.put(id, new TableModel.Content(version, name));
  }

  /** What should be indexed. */
  Map<Long, String> documents() {
    Map<Long, String> documents = new TreeMap<>();
    table.rows.forEach((id, row) -> documents.put(id, shown(id, row.title())));
    documents.keySet().removeIf(id -> banned.contains(id % 3));
    return documents;
  }

  private String shown(long id, String title) {
    TableModel.Content seller = sellers.get(id % 3);
    return title + " by " + (seller == null ? "nobody" : seller.title());
  }

  private Row joined(Row row) {
    if (!(row instanceof Row.Found(SourceDocument document, long bytes))) {
      return row;
    }
    String title = (String) document.values().getFirst();
    List<Object> values = List.of(shown(TableModel.id(row.key()), title));
    return new Row.Found(
        SourceDocument.of(row.key(), row.version(), document.city(), values), bytes);
  }

  @Override
  public List<Cursor> tombstones(Cursor after, int limit) {
    return table.tombstones(after, limit);
  }

  @Override
  public List<Cursor> tombstonesOf(List<DocumentKey> keys) {
    return table.tombstonesOf(keys);
  }

  @Override
  public List<Cursor> pairs(Cursor after, int limit) {
    return table.pairs(after, limit);
  }

  @Override
  public boolean isByKeyOnly() {
    return byKeyOnly;
  }

  @Override
  public int rows(Cursor after, int limit, Predicate<Row> goOn) {
    if (byKeyOnly) {
      throw new AssertionError("rows of a join are read by key only");
    }
    return table.rows(after, limit, row -> goOn.test(joined(row)));
  }

  @Override
  public Map<DocumentKey, Row> lookUp(List<DocumentKey> keys) {
    Map<DocumentKey, Row> found = new HashMap<>();
    table.lookUp(keys).forEach((key, row) -> found.put(key, joined(row)));
    found.keySet().removeIf(key -> banned.contains(TableModel.id(key) % 3));
    return found;
  }

  @Override
  public List<Cursor> sidePairs(SideTable side, Cursor after, int limit) {
    NavigableSet<Cursor> pairs = new TreeSet<>();
    sellers.forEach((id, row) -> pairs.add(new Cursor(row.version(), TableModel.key(id))));
    return pairs.tailSet(after, false).stream().limit(limit).toList();
  }

  @Override
  public List<DocumentKey> documentsOf(
      SideTable side, List<DocumentKey> sideKeys, DocumentKey after, int limit) {
    documentReads++;
    return table.rows.keySet().stream()
        .map(TableModel::key)
        .filter(key -> key.compareTo(after) > 0)
        .filter(key -> sideKeys.contains(TableModel.key(TableModel.id(key) % 3)))
        .limit(limit)
        .toList();
  }

  @Override
  public List<TableKey> keysAfter(DocumentKey after, int limit) {
    return table.keysAfter(after, limit);
  }

  @Override
  public List<TableKey> keys(List<DocumentKey> keys) {
    return table.keys(keys);
  }
}

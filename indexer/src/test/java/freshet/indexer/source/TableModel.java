package freshet.indexer.source;

import freshet.indexer.table.PageReader;
import freshet.indexer.table.Row;
import freshet.indexer.table.SideTable;
import freshet.indexer.table.SourceDocument;
import freshet.indexer.table.TableKey;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.KeyCodec;
import freshet.replicator.snapshot.KeyType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A table with tombstones in memory, as a poll sees it: rows are stamped when a statement begins
 * and appear when its transaction commits, in any order.
 */
final class TableModel implements PageReader {
  static final KeyCodec KEYS = new KeyCodec(List.of(KeyType.BIGINT));

  /** A row. */
  record Content(long version, String title) {}

  /** A statement whose transaction is open. */
  record Pending(long id, long stamp, boolean isDelete, String title) {}

  final NavigableMap<Long, Content> rows = new TreeMap<>();
  final NavigableSet<Cursor> tombstones = new TreeSet<>();
  final List<Pending> open = new ArrayList<>();

  /** Runs before each read, as other transactions do. */
  Runnable beforeRead = () -> {};

  int reads;

  static DocumentKey key(long id) {
    return KEYS.encode(List.of(id));
  }

  static long id(DocumentKey key) {
    return (Long) KEYS.decode(key).getFirst();
  }

  void upsert(long id, long version, String title) {
    rows.put(id, new Content(version, title));
  }

  void delete(long id, long version) {
    rows.remove(id);
    tombstones.add(new Cursor(version, key(id)));
  }

  void commit(Pending pending) {
    open.remove(pending);
    if (pending.isDelete()) {
      delete(pending.id(), pending.stamp());
    } else {
      upsert(pending.id(), pending.stamp(), pending.title());
    }
  }

  /** As a server that has none of what came after: copy it, and restore it later. */
  TableModel copy() {
    TableModel copy = new TableModel();
    copy.restore(this);
    return copy;
  }

  void restore(TableModel older) {
    rows.clear();
    rows.putAll(older.rows);
    tombstones.clear();
    tombstones.addAll(older.tombstones);
    open.clear();
  }

  private NavigableSet<Cursor> pairs() {
    NavigableSet<Cursor> pairs = new TreeSet<>();
    rows.forEach((id, content) -> pairs.add(new Cursor(content.version(), key(id))));
    return pairs;
  }

  private static List<Cursor> first(NavigableSet<Cursor> pairs, Cursor after, int limit) {
    return pairs.tailSet(after, false).stream().limit(limit).toList();
  }

  @Override
  public List<Cursor> tombstones(Cursor after, int limit) {
    beginRead();
    return first(tombstones, after, limit);
  }

  @Override
  public List<Cursor> tombstonesOf(List<DocumentKey> keys) {
    beginRead();
    return tombstones.stream().filter(pair -> keys.contains(pair.key())).toList();
  }

  @Override
  public List<Cursor> pairs(Cursor after, int limit) {
    beginRead();
    return first(pairs(), after, limit);
  }

  @Override
  public int rows(Cursor after, int limit, Predicate<Row> goOn) {
    beginRead();
    int n = 0;
    for (Cursor pair : first(pairs(), after, limit)) {
      n++;
      if (!goOn.test(row(id(pair.key())))) {
        break;
      }
    }
    return n;
  }

  @Override
  public List<TableKey> keysAfter(DocumentKey after, int limit) {
    beginRead();
    long first = after.equals(DocumentKey.EMPTY) ? Long.MIN_VALUE : id(after) + 1;
    return rows.tailMap(first, true).keySet().stream().limit(limit).map(this::tableKey).toList();
  }

  @Override
  public List<TableKey> keys(List<DocumentKey> keys) {
    beginRead();
    return keys.stream().map(TableModel::id).filter(rows::containsKey).map(this::tableKey).toList();
  }

  private TableKey tableKey(long id) {
    return new TableKey(key(id), rows.get(id).version(), true, "c");
  }

  @Override
  public Map<DocumentKey, Row> lookUp(List<DocumentKey> keys) {
    beginRead();
    Map<DocumentKey, Row> found = new HashMap<>();
    for (DocumentKey key : keys) {
      if (rows.containsKey(id(key))) {
        found.put(key, row(id(key)));
      }
    }
    return found;
  }

  @Override
  public List<Cursor> sidePairs(SideTable side, Cursor after, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<DocumentKey> documentsOf(
      SideTable side, List<DocumentKey> sideKeys, DocumentKey after, int limit) {
    throw new UnsupportedOperationException();
  }

  private void beginRead() {
    reads++;
    beforeRead.run();
  }

  private Row row(long id) {
    Content content = rows.get(id);
    List<Object> values = List.of(content.title());
    return new Row.Found(SourceDocument.of(key(id), content.version(), new City("c"), values), 10);
  }
}

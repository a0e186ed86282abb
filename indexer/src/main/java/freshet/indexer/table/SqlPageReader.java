package freshet.indexer.table;

import freshet.indexer.session.PollSession;
import freshet.indexer.session.Query;
import freshet.indexer.session.SourceException;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Reads pages from the database. A page that failed half-way goes on after its last row. A row that
 * is larger than the server or the driver can send is found by its length and set aside.
 */
public final class SqlPageReader implements PageReader {
  private static final int WITHOUT_VERSION = 100;

  /** A row on the wire is longer than its columns: lengths, numbers as text, key. */
  private static final int MARGIN = 4_096;

  private final PollSession session;
  private final PollStatements statements;
  private final RowReader rows;

  public SqlPageReader(PollSession session, PollStatements statements, RowReader rows) {
    this.session = session;
    this.statements = statements;
    this.rows = rows;
  }

  @Override
  public List<Cursor> tombstones(Cursor after, int limit) throws SourceException {
    return readPairs("reading tombstones", statements.tombstones(after, limit));
  }

  @Override
  public List<Cursor> pairs(Cursor after, int limit) throws SourceException {
    return readPairs("reading versions", statements.pairs(after, limit));
  }

  @Override
  public List<TableKey> keysAfter(DocumentKey after, int limit) throws SourceException {
    return readKeys("reading keys", statements.keysAfter(after, limit));
  }

  @Override
  public List<TableKey> keys(List<DocumentKey> keys) throws SourceException {
    return keys.isEmpty() ? List.of() : readKeys("looking keys up", statements.keys(keys));
  }

  private List<TableKey> readKeys(String what, Query query) throws SourceException {
    return session.run(
        what,
        on -> {
          List<TableKey> keys = new ArrayList<>();
          on.read(query, row -> keys.add(rows.tableKey(row)));
          return keys;
        });
  }

  private List<Cursor> readPairs(String what, Query query) throws SourceException {
    return session.run(
        what,
        on -> {
          List<Cursor> pairs = new ArrayList<>();
          on.read(query, row -> pairs.add(rows.pair(row)));
          return pairs;
        });
  }

  /** What became of a page, over all attempts. */
  private static final class Progress {
    private Cursor last;
    private int rows;
    private boolean goOn = true;

    Progress(Cursor start) {
      last = start;
    }

    boolean visit(Row row, Predicate<Row> each) {
      last = new Cursor(row.version(), row.key());
      rows++;
      goOn = each.test(row);
      return goOn;
    }
  }

  @Override
  public int rows(Cursor after, int limit, Predicate<Row> each) throws SourceException {
    if (after.equals(Cursor.START)) {
      setAsideWithoutVersion();
    }
    Progress progress = new Progress(after);
    try {
      session.run(
          "reading rows",
          on -> {
            if (progress.goOn && progress.rows < limit) {
              on.read(
                  statements.rows(progress.last, limit - progress.rows),
                  row -> progress.visit(rows.row(row), each));
            }
            return progress.rows;
          });
    } catch (SourceException.PacketTooLarge e) {
      // One row of this page is too large; by their keys the others can be had without it.
      List<Cursor> pairs = pairs(progress.last, limit - progress.rows);
      Map<DocumentKey, Row> found = lookUp(pairs.stream().map(Cursor::key).toList());
      for (Cursor pair : pairs) {
        Row row = found.get(pair.key());
        // One that has changed since comes again with its new version.
        if (row == null || row.version() != pair.version()) {
          row = new Row.Gone(pair.key(), pair.version());
        }
        if (!progress.visit(row, each)) {
          break;
        }
      }
    }
    return progress.rows;
  }

  private void setAsideWithoutVersion() throws SourceException {
    session.run(
        "looking for rows without a version",
        on -> {
          on.read(
              statements.withoutVersion(WITHOUT_VERSION),
              row -> rows.setAside(rows.key(row), Long.MIN_VALUE, "its version is NULL") != null);
          return 0;
        });
  }

  @Override
  public Map<DocumentKey, Row> lookUp(List<DocumentKey> keys) throws SourceException {
    Map<DocumentKey, Row> found = new LinkedHashMap<>();
    lookUp(keys, found);
    return found;
  }

  private void lookUp(List<DocumentKey> keys, Map<DocumentKey, Row> found) throws SourceException {
    if (keys.isEmpty()) {
      return;
    }
    try {
      session.run(
          "reading rows by key",
          on -> {
            List<DocumentKey> left = keys.stream().filter(key -> !found.containsKey(key)).toList();
            if (!left.isEmpty()) {
              on.read(
                  statements.lookUp(left),
                  row -> {
                    Row read = rows.row(row);
                    found.put(read.key(), read);
                    return true;
                  });
            }
            return 0;
          });
    } catch (SourceException.PacketTooLarge e) {
      lookUpWithoutLargest(keys, found, e);
    }
  }

  /** Sets aside what is too large by its length, at least the largest, and reads the others. */
  private void lookUpWithoutLargest(
      List<DocumentKey> keys, Map<DocumentKey, Row> found, SourceException.PacketTooLarge why)
      throws SourceException {
    List<DocumentKey> left = keys.stream().filter(key -> !found.containsKey(key)).toList();
    record Sized(Cursor pair, long bytes) {}
    List<Sized> bySize = new ArrayList<>();
    long limit =
        session.run(
            "measuring rows",
            on -> {
              bySize.clear();
              on.read(
                  statements.sizes(left),
                  row -> bySize.add(new Sized(rows.pair(row), row.getLong(2 + rows.keyColumns()))));
              return on.packetLimit();
            });
    if (bySize.isEmpty()) {
      throw why;
    }
    bySize.sort(java.util.Comparator.comparingLong(Sized::bytes).reversed());
    long tooLarge = Math.min(bySize.getFirst().bytes(), limit - MARGIN);
    for (Sized row : bySize) {
      if (row.bytes() >= tooLarge) {
        DocumentKey key = row.pair().key();
        String reason =
            "it has %d bytes, more than the %d of max_allowed_packet let pass"
                .formatted(row.bytes(), limit);
        found.put(key, rows.setAside(key, row.pair().version(), reason));
      }
    }
    lookUp(left.stream().filter(key -> !found.containsKey(key)).toList(), found);
  }
}

package freshet.indexer.table;

import freshet.indexer.session.PollSession;
import freshet.indexer.session.Session;
import freshet.indexer.session.SourceException;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads rows by their keys, for the time of one poll. A row that no packet holds ends the
 * connection when it is read; so from the first one on rows are measured before they are read, and
 * a poll loses one connection, however many such rows there are.
 */
final class RowLookUp {
  /** A row on the wire is longer than its columns: their lengths, the key, the version. */
  private static final int MARGIN = 8_192;

  private final PollSession session;
  private final PollStatements statements;
  private final RowReader rows;
  private final RowQueries queries;
  private final LargeRows large;

  /** Rows with more bytes are read in pieces. */
  private long most = Long.MAX_VALUE;

  RowLookUp(PollSession session, PollStatements statements, RowReader rows, RowQueries queries) {
    this.session = session;
    this.statements = statements;
    this.rows = rows;
    this.queries = queries;
    this.large = new LargeRows(session, statements, rows);
  }

  /** Whether rows are measured before they are read. */
  boolean measures() {
    return most < Long.MAX_VALUE;
  }

  /**
   * Begins to measure rows before they are read. If they are measured already, and still one was
   * too large, less is taken for too large from now on: in the end every row is read in pieces.
   */
  void metTooLarge() throws SourceException {
    if (measures()) {
      most /= 2;
      return;
    }
    most = session.run("asking for the packet limit", on -> fitting(on.packetLimit()));
  }

  private static long fitting(long packet) {
    return Math.max(packet / 2, packet - MARGIN);
  }

  /** The rows of these keys; those that do not exist are missing. */
  Map<DocumentKey, Row> of(List<DocumentKey> keys) throws SourceException {
    Map<DocumentKey, Row> found = new LinkedHashMap<>();
    if (!measures()) {
      try {
        inOneRow(keys, found);
        return found;
      } catch (SourceException.PacketTooLarge e) {
        metTooLarge();
      }
    }
    measured(measure(missing(keys, found)), found);
    return found;
  }

  List<RowSizes> measure(List<DocumentKey> keys) throws SourceException {
    return keys.isEmpty() ? List.of() : large.measure(keys);
  }

  /** The rows of these sizes; those that do not exist any more are missing. */
  Map<DocumentKey, Row> ofMeasured(List<RowSizes> sizes) throws SourceException {
    Map<DocumentKey, Row> found = new LinkedHashMap<>();
    measured(sizes, found);
    return found;
  }

  private void measured(List<RowSizes> sizes, Map<DocumentKey, Row> found) throws SourceException {
    List<DocumentKey> small = new ArrayList<>();
    for (RowSizes row : sizes) {
      if (row.total() <= most) {
        small.add(row.pair().key());
      }
    }
    try {
      inOneRow(small, found);
    } catch (SourceException.PacketTooLarge e) {
      metTooLarge();
      measured(measure(missing(sizes.stream().map(s -> s.pair().key()).toList(), found)), found);
      return;
    }
    for (RowSizes row : sizes) {
      if (row.total() > most) {
        Row read = large.read(row, most);
        if (read != null) {
          found.put(read.key(), read);
        }
      }
    }
  }

  /** By queries that give whole rows. */
  private void inOneRow(List<DocumentKey> keys, Map<DocumentKey, Row> found)
      throws SourceException {
    for (int from = 0; from < keys.size(); ) {
      List<DocumentKey> left = keys.subList(from, keys.size());
      from +=
          session.run(
              "reading rows by key",
              on -> {
                List<DocumentKey> some = left.subList(0, queries.atMost(left.size()));
                read(on, missing(some, found), found);
                return some.size();
              });
    }
  }

  private void read(Session on, List<DocumentKey> keys, Map<DocumentKey, Row> found)
      throws SQLException {
    if (keys.isEmpty()) {
      return;
    }
    if (!statements.isByKeyOnly()) {
      readWhole(on, keys, found);
      return;
    }
    // What a query of the user's made counts once its warnings are known, at its end.
    Map<DocumentKey, Row> made = new LinkedHashMap<>();
    if (readWhole(on, keys, made)) {
      found.putAll(made);
    } else if (keys.size() == 1) {
      // One that was set aside has a better reason, such as JSON that is too large.
      made.forEach(
          (key, row) ->
              found.put(
                  key, row instanceof Row.Unfit ? row : rows.setAsideCutShort(cursorOf(row))));
    } else {
      // Nobody says which row lacks a value: halves tell.
      int half = keys.size() / 2;
      read(on, keys.subList(0, half), found);
      read(on, keys.subList(half, keys.size()), found);
    }
  }

  /** Reads, and says whether all values are what the query made. */
  private boolean readWhole(Session on, List<DocumentKey> keys, Map<DocumentKey, Row> into)
      throws SQLException {
    return queries.read(
        on,
        statements.lookUp(keys),
        keys.size(),
        row -> {
          Row read = rows.row(row);
          if (into.put(read.key(), read) != null) {
            into.put(read.key(), rows.setAsideDouble(read));
          }
          return true;
        });
  }

  private static Cursor cursorOf(Row row) {
    return new Cursor(row.version(), row.key());
  }

  private static List<DocumentKey> missing(List<DocumentKey> keys, Map<DocumentKey, Row> found) {
    return keys.stream().filter(key -> !found.containsKey(key)).toList();
  }
}

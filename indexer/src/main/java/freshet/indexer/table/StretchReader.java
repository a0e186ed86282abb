package freshet.indexer.table;

import freshet.indexer.session.PollSession;
import freshet.indexer.session.Query;
import freshet.indexer.session.SourceException;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads rows in the order of their keys, as the database orders them, for the time of one poll
 * session. Used by one thread.
 */
public final class StretchReader {
  private final PollSession session;
  private final ScanStatements scans;
  private final RowReader rows;
  private final RowWalk walk;

  /**
   * What was read of a stretch.
   *
   * @param rows in the order of keys; those that vanished meanwhile are left out
   * @param last key that was looked at; where the page began if there was none
   * @param isEnd whether there is nothing behind it
   */
  public record Page(List<Row> rows, DocumentKey last, boolean isEnd) {
    /** Copies the list. */
    public Page {
      rows = List.copyOf(rows);
    }
  }

  /**
   * A reader for one session.
   *
   * @param pageSize of queries that give rows; it learns from them
   */
  public StretchReader(
      PollSession session,
      PollStatements polls,
      ScanStatements scans,
      RowReader rows,
      PageSize pageSize) {
    this.session = session;
    this.scans = scans;
    this.rows = rows;
    RowQueries queries = new RowQueries(pageSize);
    RowLookUp lookUp = new RowLookUp(session, polls, rows, queries);
    this.walk = new RowWalk(session, polls, rows, queries, lookUp);
  }

  /**
   * Reads the next page. A row without a version is set aside; one without a key has no place, and
   * is set aside with the first page of the table.
   *
   * @param after exclusive; the empty key is the start of the table
   * @param upTo inclusive; the empty key is the end of the table
   * @param limit of rows
   * @param mostBytes text of a page, about; it may go over it by a row
   */
  public Page page(DocumentKey after, DocumentKey upTo, int limit, long mostBytes)
      throws SourceException {
    boolean isStart = after.equals(DocumentKey.EMPTY);
    if (isStart) {
      setAsideWithoutKey();
    }
    List<Row> page = new ArrayList<>();
    long[] bytes = new long[1];
    // One more at the start: what comes first may have a key that is empty, and so no place.
    RowWalk.Progress progress =
        walk.walk(
            new ByKey(upTo),
            new Cursor(0, after),
            isStart ? limit + 1 : limit,
            row -> {
              if (!(row instanceof Row.Gone)) {
                page.add(row);
              }
              bytes[0] += row instanceof Row.Found found ? found.bytes() : 0;
              return bytes[0] < mostBytes;
            });
    return new Page(page, progress.last().key(), progress.isEnd());
  }

  private void setAsideWithoutKey() throws SourceException {
    session.run(
        "looking for rows without a key",
        on -> {
          on.read(scans.withoutKey(), row -> rows.setAsideUnread(row) != null);
          return 0;
        });
  }

  private final class ByKey implements RowWalk.Order {
    private final DocumentKey upTo;

    ByKey(DocumentKey upTo) {
      this.upTo = upTo;
    }

    @Override
    public Query rows(Cursor after, int limit) {
      return scans.rows(after.key(), upTo, limit);
    }

    @Override
    public List<Cursor> pairs(Cursor after, int limit) throws SourceException {
      Query query = scans.keys(after.key(), upTo, limit);
      return session.run(
          "reading keys",
          on -> {
            List<Cursor> pairs = new ArrayList<>();
            on.read(query, row -> pairs.add(rows.pair(row)));
            return pairs;
          });
    }

    @Override
    public boolean hasPlace(Row row) {
      return !row.key().equals(KeyReader.NO_KEY);
    }

    @Override
    public boolean isByVersion() {
      return false;
    }
  }
}

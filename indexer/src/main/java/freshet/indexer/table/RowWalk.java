package freshet.indexer.table;

import freshet.indexer.session.PollSession;
import freshet.indexer.session.Query;
import freshet.indexer.session.SourceException;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads whole rows in some order, for the time of one poll. What failed half-way goes on after its
 * last row. From the first row on that no packet holds, rows are measured before they are read.
 */
final class RowWalk {
  /** Rows that were measured are fetched together up to this many bytes. */
  private static final long FETCHED_BYTES = 16L << 20;

  /** In which order. A place in it is a row's version and key, of which an order may need one. */
  interface Order {
    /** Whole rows after a place. */
    Query rows(Cursor after, int limit);

    /** Version and key of the same rows; fewer than asked for only at the end. */
    List<Cursor> pairs(Cursor after, int limit) throws SourceException;

    /** Whether reading can go on from a row. */
    boolean hasPlace(Row row);

    /** Whether a row that has changed meanwhile comes again, further on. */
    boolean isByVersion();
  }

  /** What became of a walk, over all attempts and queries. */
  static final class Progress {
    private Cursor last;
    private int rows;
    private boolean goOn = true;
    private boolean isEnd;

    Progress(Cursor start) {
      last = start;
    }

    /** The last row that has a place; where the walk began if there was none. */
    Cursor last() {
      return last;
    }

    /** How many rows were visited. */
    int rows() {
      return rows;
    }

    /** Whether there was no row after them. */
    boolean isEnd() {
      return isEnd;
    }
  }

  private final PollSession session;
  private final PollStatements statements;
  private final RowReader rows;
  private final RowQueries queries;
  private final RowLookUp lookUp;

  RowWalk(
      PollSession session,
      PollStatements statements,
      RowReader rows,
      RowQueries queries,
      RowLookUp lookUp) {
    this.session = session;
    this.statements = statements;
    this.rows = rows;
    this.queries = queries;
    this.lookUp = lookUp;
  }

  /**
   * Walks.
   *
   * @param limit of rows
   * @param each called with each row; the walk ends when it says no
   */
  Progress walk(Order order, Cursor after, int limit, Predicate<Row> each) throws SourceException {
    Progress progress = new Progress(after);
    Visits visits = new Visits(order, progress, limit, each);
    while (progress.goOn && !progress.isEnd && progress.rows < limit) {
      if (lookUp.measures()) {
        visits.readMeasured();
      } else if (statements.isByKeyOnly()) {
        visits.readByKey();
      } else {
        try {
          visits.readRows();
        } catch (SourceException.PacketTooLarge e) {
          lookUp.metTooLarge();
        }
      }
    }
    return progress;
  }

  private final class Visits {
    private final Order order;
    private final Progress progress;
    private final int limit;
    private final Predicate<Row> each;

    Visits(Order order, Progress progress, int limit, Predicate<Row> each) {
      this.order = order;
      this.progress = progress;
      this.limit = limit;
      this.each = each;
    }

    private boolean visit(Row row) {
      progress.rows++;
      if (!order.hasPlace(row)) {
        // Set aside by now; such as a version of 2026-00-00, which lies among dates.
        return true;
      }
      progress.last = new Cursor(row.version(), row.key());
      progress.goOn = each.test(row);
      return progress.goOn;
    }

    private int asked() {
      return queries.atMost(limit - progress.rows);
    }

    private void readRows() throws SourceException {
      session.run(
          "reading rows",
          on -> {
            if (!progress.goOn || progress.rows >= limit) {
              return 0;
            }
            int before = progress.rows;
            int asked = asked();
            queries.read(on, order.rows(progress.last, asked), asked, row -> visit(rows.row(row)));
            progress.isEnd = progress.goOn && progress.rows - before < asked;
            return asked;
          });
    }

    private void readByKey() throws SourceException {
      int asked = asked();
      List<Cursor> pairs = order.pairs(progress.last, asked);
      Map<DocumentKey, Row> found = lookUp.of(pairs.stream().map(Cursor::key).toList());
      if (visit(pairs, found)) {
        progress.isEnd = pairs.size() < asked;
      }
    }

    /** Among these may be rows that no packet holds. */
    private void readMeasured() throws SourceException {
      int asked = asked();
      List<Cursor> pairs = order.pairs(progress.last, asked);
      Map<DocumentKey, RowSizes> sizes =
          lookUp.measure(pairs.stream().map(Cursor::key).toList()).stream()
              .collect(Collectors.toMap(size -> size.pair().key(), Function.identity()));
      List<Cursor> some = new ArrayList<>();
      long bytes = 0;
      for (Cursor pair : pairs) {
        RowSizes size = sizes.get(pair.key());
        long more = size == null ? 0 : size.total();
        if (bytes + more > FETCHED_BYTES && !fetch(some, sizes)) {
          return;
        }
        bytes = some.isEmpty() ? more : bytes + more;
        some.add(pair);
      }
      if (fetch(some, sizes)) {
        progress.isEnd = pairs.size() < asked;
      }
    }

    /** Fetches and visits these pairs, and empties the list. */
    private boolean fetch(List<Cursor> pairs, Map<DocumentKey, RowSizes> sizes)
        throws SourceException {
      List<RowSizes> measured = new ArrayList<>();
      for (Cursor pair : pairs) {
        RowSizes size = sizes.get(pair.key());
        if (size != null) {
          measured.add(size);
        }
      }
      boolean goOn = visit(pairs, lookUp.ofMeasured(measured));
      pairs.clear();
      return goOn;
    }

    private boolean visit(List<Cursor> pairs, Map<DocumentKey, Row> found) {
      for (Cursor pair : pairs) {
        if (!visit(taken(pair, found.get(pair.key())))) {
          return false;
        }
      }
      return true;
    }

    private Row taken(Cursor pair, @Nullable Row found) {
      boolean comesAgain =
          found != null && order.isByVersion() && found.version() != pair.version();
      return found == null || comesAgain ? new Row.Gone(pair.key(), pair.version()) : found;
    }
  }
}

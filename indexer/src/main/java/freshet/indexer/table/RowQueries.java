package freshet.indexer.table;

import freshet.indexer.session.FailureClassifier;
import freshet.indexer.session.Query;
import freshet.indexer.session.Session;
import freshet.indexer.session.SourceException;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Queries whose result may be too much, from which the page size learns. */
final class RowQueries {
  private static final Logger LOG = LoggerFactory.getLogger(RowQueries.class);

  private final PageSize pageSize;

  RowQueries(PageSize pageSize) {
    this.pageSize = pageSize;
  }

  /** At most so many rows should be asked for next. */
  int atMost(int rows) {
    return Math.min(rows, pageSize.rows());
  }

  /**
   * Reads.
   *
   * @param asked how many rows the query may give
   * @return whether all values are what the query made; see {@link Session#readWhole}
   */
  boolean read(Session on, Query query, int asked, Session.RowVisitor visitor) throws SQLException {
    boolean isWhole;
    try {
      isWhole = on.readWhole(query, visitor);
    } catch (SQLException e) {
      SourceException failure = FailureClassifier.ofQuery("reading rows", e);
      if (mayBeOfSize(failure) && pageSize.failed()) {
        // A connection is lost for other reasons, as a rule, of which others tell.
        LOG.atLevel(failure instanceof SourceException.LostDuringQuery ? Level.DEBUG : Level.WARN)
            .log("pages have {} rows from now on: {}", pageSize.rows(), failure.getMessage());
      }
      throw e;
    }
    if (pageSize.succeeded(asked)) {
      LOG.info("pages have {} rows again", pageSize.rows());
    }
    return isWhole;
  }

  private static boolean mayBeOfSize(SourceException failure) {
    return failure instanceof SourceException.PacketTooLarge
        || failure instanceof SourceException.Stalled
        || failure instanceof SourceException.LostDuringQuery;
  }
}

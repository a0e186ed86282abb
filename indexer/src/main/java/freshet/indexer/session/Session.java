package freshet.indexer.session;

import freshet.indexer.connect.ConnectFailure;
import freshet.indexer.connect.ConnectTimings;
import freshet.indexer.connect.Connected;
import freshet.indexer.connect.Connector;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.connect.Watchdog;
import freshet.replicator.runtime.Time;
import java.net.SocketTimeoutException;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * One connection to one server. Used by one thread; {@link #abort()} may come from any. Whatever
 * goes wrong in a query ends the connection, since the driver can't say whether it is in step
 * still.
 */
public final class Session implements AutoCloseable {
  /** ER_WARN_ALLOWED_PACKET_OVERFLOWED. */
  private static final int ABOVE_MAX_ALLOWED_PACKET = 1301;

  private static final Duration CLOSE = Duration.ofSeconds(1);

  /** The zone for TIMESTAMP columns, short transactions, and no time-out while we index a page. */
  private static final List<String> SETUP =
      List.of(
          "SET time_zone='+00:00', net_write_timeout=600, autocommit=1",
          "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
          "SET SESSION TRANSACTION READ ONLY");

  private static final Query ABORTED_CONNECTS =
      Query.of("SHOW GLOBAL STATUS LIKE 'Aborted_connects'");

  /** Called with each row; says whether to go on. Short, since its time counts as the server's. */
  public interface RowVisitor {
    boolean visit(ResultSet row) throws SQLException;
  }

  private final Endpoint endpoint;
  private final Connection connection;
  private final Runnable cut;
  private final ConnectTimings timings;
  private final List<X509Certificate> certificates;
  private final Timeouts timeouts;
  private final Time time;
  private final long openedNanos;
  private ServerKind kind = ServerKind.of(Map.of(), false);
  private int queries;

  private Session(Endpoint endpoint, Connected connected, Timeouts timeouts, Time time) {
    this.endpoint = endpoint;
    this.connection = connected.connection();
    this.cut = connected.cut();
    this.timings = connected.timings();
    this.certificates = connected.certificates();
    this.timeouts = timeouts;
    this.time = time;
    this.openedNanos = time.nanoTime();
  }

  /** Connects, and finds out what kind of server it is. */
  public static Session open(Connector connector, Endpoint endpoint, Timeouts timeouts, Time time)
      throws SourceException {
    Session session;
    try {
      session = new Session(endpoint, connector.connect(endpoint, SETUP), timeouts, time);
    } catch (ConnectFailure e) {
      throw FailureClassifier.ofConnect(e);
    }
    try {
      session.kind = kind(session);
    } catch (SQLException e) {
      throw FailureClassifier.ofQuery("asking " + endpoint + " who it is", e);
    }
    return session;
  }

  private static ServerKind kind(Session session) throws SQLException {
    Map<String, String> variables = new HashMap<>();
    session.read(
        ServerKind.VARIABLES,
        session.timeouts.handshake(),
        row -> {
          variables.put(row.getString(1).toLowerCase(Locale.ROOT), row.getString(2));
          return true;
        });
    boolean[] hasSilence = new boolean[1];
    if (!ServerKind.isMariaDb(variables)) {
      session.read(
          ServerKind.MAY_READ_SILENCE,
          session.timeouts.handshake(),
          row -> {
            hasSilence[0] = row.getInt(1) == Silence.TABLES.size();
            return true;
          });
    }
    return ServerKind.of(variables, hasSilence[0]);
  }

  /**
   * Asks the server for its clock, its identity and its transactions. Also tells whether the
   * connection lives, so it has the deadline of a handshake.
   *
   * @param ours the transactions that it should have executed
   */
  public ServerState state(String ours) throws SQLException {
    ServerState[] state = new ServerState[1];
    Instant asked = time.now();
    long start = time.nanoTime();
    read(
        kind.question(ours),
        timeouts.handshake(),
        row -> {
          state[0] = kind.answer(row, ours, asked, time.since(start));
          return true;
        });
    if (state[0] == null) {
      throw new SQLException("the server did not answer " + kind.stateSql(), "08S01");
    }
    return state[0];
  }

  /** How many connects broke since the server was started, by its own count. */
  OptionalLong abortedConnects() throws SQLException {
    long[] count = {-1};
    read(
        ABORTED_CONNECTS,
        timeouts.handshake(),
        row -> {
          count[0] = row.getLong(2);
          return true;
        });
    return count[0] < 0 ? OptionalLong.empty() : OptionalLong.of(count[0]);
  }

  /** Runs a query, row by row as they arrive. */
  public void read(Query query, RowVisitor visitor) throws SQLException {
    read(query, timeouts.firstRow(), visitor);
  }

  /**
   * The same, and looks whether the server gave NULL, with a mere warning, for what a function of
   * the query made and no packet holds.
   *
   * @return whether all values are what the query made
   */
  public boolean readWhole(Query query, RowVisitor visitor) throws SQLException {
    boolean[] isWhole = new boolean[1];
    read(query, timeouts.firstRow(), visitor, ended -> isWhole[0] = !isCutShort(ended));
    return isWhole[0];
  }

  /** The columns of a query's result. Runs it, and reads past its rows. */
  public List<ResultColumn> columns(String sql) throws SQLException {
    List<ResultColumn> columns = new ArrayList<>();
    read(
        Query.of(sql),
        timeouts.firstRow(),
        row -> false,
        ended -> {
          ResultSetMetaData of = ended.getMetaData();
          for (int i = 1; i <= of.getColumnCount(); i++) {
            columns.add(
                new ResultColumn(
                    of.getColumnLabel(i),
                    of.getColumnTypeName(i).toLowerCase(Locale.ROOT),
                    of.getCatalogName(i),
                    of.getTableName(i),
                    of.getColumnName(i)));
          }
        });
    return columns;
  }

  private static boolean isCutShort(ResultSet ended) throws SQLException {
    // Asks the server only if there are warnings.
    for (SQLWarning at = ended.getStatement().getWarnings(); at != null; at = at.getNextWarning()) {
      if (at.getErrorCode() == ABOVE_MAX_ALLOWED_PACKET) {
        return true;
      }
    }
    return false;
  }

  /** Called when all rows have come. */
  private interface End {
    void of(ResultSet ended) throws SQLException;
  }

  private void read(Query query, Duration first, RowVisitor visitor) throws SQLException {
    read(query, first, visitor, ended -> {});
  }

  private void read(Query query, Duration first, RowVisitor visitor, End end) throws SQLException {
    queries++;
    boolean isDone = false;
    // The driver's time-out counts the gap between two bytes. Between two rows only this one holds.
    Watchdog watchdog = Watchdog.arm("row-deadline", time, first, this::abort);
    try {
      waitAtMost(first);
      try (PreparedStatement statement =
          connection.prepareStatement(
              query.sql(), ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY)) {
        // The driver's word for: hand out rows as they arrive.
        statement.setFetchSize(Integer.MIN_VALUE);
        query.bind(statement);
        try (ResultSet rows = statement.executeQuery()) {
          boolean isFirst = true;
          boolean goOn = true;
          // What nobody wants any more is read too, under the same deadline: closing would do so.
          while (next(rows)) {
            watchdog.renew(timeouts.rowGap());
            if (isFirst) {
              waitAtMost(timeouts.rowGap());
              isFirst = false;
            }
            goOn = goOn && visit(visitor, rows);
          }
          end.of(rows);
        }
      }
      isDone = true;
    } catch (SQLException e) {
      throw watchdog.hasFired() ? stalled(first, e) : e;
    } finally {
      watchdog.close();
      if (!isDone) {
        abort();
      }
    }
  }

  /** What the driver says of a socket that was closed under it does not tell why. */
  private SQLException stalled(Duration first, SQLException failure) {
    SocketTimeoutException why =
        new SocketTimeoutException(
            "no row within %d ms at first and %d ms after another, whatever bytes came"
                .formatted(first.toMillis(), timeouts.rowGap().toMillis()));
    why.initCause(failure);
    return new SQLException(why.getMessage(), "08S01", why);
  }

  /** A result that failed is ended before it is closed: closing would wait for what is left. */
  private boolean next(ResultSet rows) throws SQLException {
    try {
      return rows.next();
    } catch (SQLException e) {
      abort();
      throw e;
    }
  }

  private boolean visit(RowVisitor visitor, ResultSet row) throws SQLException {
    boolean isDone = false;
    try {
      boolean goOn = visitor.visit(row);
      isDone = true;
      return goOn;
    } finally {
      if (!isDone) {
        abort();
      }
    }
  }

  private void waitAtMost(Duration duration) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, Math.toIntExact(duration.toMillis()));
  }

  /** Ends the connection at once, without a word to the server. */
  public void abort() {
    cut.run();
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // Its socket is closed in any case, and nobody uses it again.
      return;
    }
  }

  /**
   * Takes leave of the server, which would else count an aborted client; not for longer than 1 s.
   */
  @Override
  public void close() {
    Watchdog watchdog = Watchdog.arm("close-deadline", time, CLOSE, this::abort);
    try {
      connection.close();
    } catch (SQLException e) {
      abort();
    } finally {
      watchdog.close();
    }
  }

  /** The server. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** What the server showed, and what was verified; see {@link Connected#certificates()}. */
  List<X509Certificate> certificates() {
    return certificates;
  }

  /** How long each phase of the connect took. */
  public ConnectTimings timings() {
    return timings;
  }

  /** Since it was opened. */
  public Duration age() {
    return time.since(openedNanos);
  }

  /** A row longer than this can't be read. */
  public long packetLimit() {
    return kind.packetLimit();
  }

  /** Which of the two it is: they tell of replication in different ways. */
  boolean isMariaDb() {
    return kind.isMariaDb();
  }

  /** How many queries it has run. */
  public int queries() {
    return queries;
  }
}

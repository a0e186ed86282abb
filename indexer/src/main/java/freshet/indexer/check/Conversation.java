package freshet.indexer.check;

import freshet.indexer.connect.Connector;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.session.FailureClassifier;
import freshet.indexer.session.PollSession;
import freshet.indexer.session.Query;
import freshet.indexer.session.ServerState;
import freshet.indexer.session.Session;
import freshet.indexer.session.SourceException;
import freshet.indexer.session.Timeouts;
import freshet.replicator.runtime.Time;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Asks one server one question after the other. A question that fails ends its connection, as it
 * must; the next one is asked on a new one. Used by one thread.
 */
public final class Conversation implements AutoCloseable {
  private final Connector connector;
  private final Endpoint endpoint;
  private final Timeouts timeouts;
  private final Time time;
  private @Nullable Session session;

  /** A conversation that connects with the first question. */
  public Conversation(Connector connector, Endpoint endpoint, Timeouts timeouts, Time time) {
    this.connector = connector;
    this.endpoint = endpoint;
    this.timeouts = timeouts;
    this.time = time;
  }

  /**
   * Runs something on a live session.
   *
   * @param what it does, for messages
   */
  public <T> T run(String what, PollSession.Step<T> step) throws SourceException {
    Session on = session;
    if (on == null) {
      on = Session.open(connector, endpoint, timeouts, time);
      session = on;
    }
    try {
      return step.run(on);
    } catch (SQLException e) {
      session = null;
      on.abort();
      throw FailureClassifier.ofQuery(what + " on " + endpoint, e);
    }
  }

  /** The rows of an answer, as text by the column's label in lower case; NULLs are left out. */
  public List<Map<String, String>> rows(String what, Query query) throws SourceException {
    return run(
        what,
        on -> {
          List<Map<String, String>> rows = new ArrayList<>();
          on.read(query, row -> rows.add(labelled(row)));
          return rows;
        });
  }

  /** The rows of an answer of names and values, such as SHOW VARIABLES; names in lower case. */
  public Map<String, String> values(String what, Query query) throws SourceException {
    Map<String, String> values = new TreeMap<>();
    for (Map<String, String> row : rows(what, query)) {
      values.put(
          row.getOrDefault("variable_name", "").toLowerCase(Locale.ROOT),
          row.getOrDefault("value", ""));
    }
    return values;
  }

  /** The server's clock, identity and transactions. */
  ServerState state() throws SourceException {
    return run("asking who it is", on -> on.state(""));
  }

  /** The server's version, in its own words. */
  public String version() throws SourceException {
    return values(
            "reading variables", Query.of("SHOW GLOBAL VARIABLES WHERE Variable_name = 'version'"))
        .getOrDefault("version", "");
  }

  private static Map<String, String> labelled(ResultSet row) throws SQLException {
    Map<String, String> columns = new TreeMap<>();
    ResultSetMetaData meta = row.getMetaData();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      String value = row.getString(i);
      if (value != null) {
        columns.put(meta.getColumnLabel(i).toLowerCase(Locale.ROOT), value);
      }
    }
    return columns;
  }

  /** The server. */
  public Endpoint endpoint() {
    return endpoint;
  }

  @Override
  public void close() {
    Session on = session;
    session = null;
    if (on != null) {
      on.close();
    }
  }
}

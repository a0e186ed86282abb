package freshet.indexer.embedded;

import freshet.replicator.runtime.Time;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.BiFunction;

/**
 * A source and a replica that follows it by GTID, both of the same flavor.
 *
 * <p>Replication goes on by itself after either server was stopped, killed or paused and is back,
 * with one exception: a MariaDB replica that is killed while it applies DDL may refuse to go on,
 * for there DDL and the replica's position are not written as one. Thread safe. Methods without a
 * declared exception throw {@link EmbeddedDatabaseException}.
 */
public final class ReplicationPair implements AutoCloseable {
  private static final String ACCOUNT = "freshet_replication";

  /** Bounds how late a broken replica is noticed. */
  private static final Duration LONGEST_QUERY = Duration.ofSeconds(1);

  private final DatabaseServer source;
  private final DatabaseServer replica;
  private final ReplicationDialect dialect;
  private final Time time;

  private ReplicationPair(DatabaseServer source, DatabaseServer replica, Time time) {
    this.source = source;
    this.replica = replica;
    this.dialect = ReplicationDialect.of(source);
    this.time = time;
  }

  /**
   * Starts a source with server id 1 and a read-only replica with server id 2, both temporary, and
   * lets the replica follow.
   *
   * @param starter for example {@code EmbeddedMariaDb::start}
   */
  public static ReplicationPair start(
      BiFunction<ServerOptions, Time, DatabaseServer> starter, Time time) {
    return start(
        starter, ServerOptions.temporary(1), ServerOptions.temporary(2).withReadOnly(), time);
  }

  /** Starts a source and a replica with these options and lets the replica follow. */
  public static ReplicationPair start(
      BiFunction<ServerOptions, Time, DatabaseServer> starter,
      ServerOptions sourceOptions,
      ServerOptions replicaOptions,
      Time time) {
    DatabaseServer source = starter.apply(sourceOptions, time);
    try {
      DatabaseServer replica = starter.apply(replicaOptions, time);
      try {
        return startReplica(source, replica, time);
      } catch (RuntimeException e) {
        replica.close();
        throw e;
      }
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /**
   * Lets a running server follow another one from its own position on. An account for that is
   * created on the source, or its password changed, outside of the binary log. From now on the
   * servers belong to the pair.
   */
  public static ReplicationPair startReplica(
      DatabaseServer source, DatabaseServer replica, Time time) {
    if (!source.flavor().equals(replica.flavor())) {
      throw new IllegalArgumentException(
          "a " + replica.flavor() + " server does not follow a " + source.flavor() + " server");
    }
    ReplicationPair pair = new ReplicationPair(source, replica, time);
    String password = ServerOptions.randomPassword();
    String account = "'" + ACCOUNT + "'@'127.0.0.1'";
    run(
        source,
        "SET sql_log_bin=0",
        "CREATE USER IF NOT EXISTS " + account,
        "ALTER USER " + account + " IDENTIFIED BY '" + password + "'",
        "GRANT REPLICATION SLAVE ON *.* TO " + account);
    run(
        replica,
        "STOP REPLICA",
        pair.dialect.follow(source.port(), ACCOUNT, password),
        "START REPLICA");
    return pair;
  }

  /** The server that takes the writes. */
  public DatabaseServer source() {
    return source;
  }

  /** The server that follows. */
  public DatabaseServer replica() {
    return replica;
  }

  /** Stops applying; fetching from the source goes on. */
  public void stopSqlThread() {
    run(replica, "STOP REPLICA SQL_THREAD");
  }

  /** Applies again, beginning with what was fetched meanwhile. */
  public void startSqlThread() {
    run(replica, "START REPLICA SQL_THREAD");
  }

  /**
   * Waits until the replica has executed everything that the source has committed before this call.
   *
   * @throws EmbeddedDatabaseException at once if the replica has failed to apply something, else
   *     after the given time, with the state of both servers; after 30 s more if one is paused
   */
  public void awaitCaughtUp(Duration longest) {
    long start = time.nanoTime();
    try (Connection onSource = source.connectAsRoot();
        Connection onReplica = replica.connectAsRoot()) {
      String wanted = text(onSource, dialect.sourcePosition);
      Duration left = longest;
      while (!isReached(onReplica, wanted, left)) {
        left = longest.minusNanos(time.nanoTime() - start);
        Status status = status(onReplica);
        if (status.isFailed() || !left.isPositive()) {
          throw new EmbeddedDatabaseException(
              "replica has not caught up in "
                  + longest.minus(left).toMillis()
                  + " ms: source is at "
                  + wanted
                  + ", replica at "
                  + text(onReplica, dialect.replicaPosition)
                  + ", "
                  + status.description());
        }
      }
    } catch (SQLException e) {
      throw new EmbeddedDatabaseException("cannot tell whether the replica has caught up: " + e, e);
    }
  }

  private boolean isReached(Connection onReplica, String wanted, Duration left)
      throws SQLException {
    Duration longest = left.compareTo(LONGEST_QUERY) < 0 ? left : LONGEST_QUERY;
    try (PreparedStatement wait = onReplica.prepareStatement(dialect.await(longest))) {
      wait.setString(1, wanted);
      try (ResultSet row = wait.executeQuery()) {
        row.next();
        return row.getInt(1) == 0 && !row.wasNull();
      }
    }
  }

  /** What the replica says about its two threads. */
  private record Status(boolean isFailed, String description) {}

  private Status status(Connection onReplica) throws SQLException {
    try (Statement statement = onReplica.createStatement();
        ResultSet row = statement.executeQuery("SHOW REPLICA STATUS")) {
      if (!row.next()) {
        return new Status(true, "not a replica");
      }
      String fetching = row.getString(dialect.statusPrefix + "_IO_Running");
      String applying = row.getString(dialect.statusPrefix + "_SQL_Running");
      return new Status(
          row.getInt("Last_SQL_Errno") != 0,
          "fetching: %s %s, applying: %s %s %s"
              .formatted(
                  fetching,
                  row.getString("Last_IO_Error"),
                  applying,
                  row.getString("Last_SQL_Error"),
                  text(onReplica, dialect.workerErrors)));
    }
  }

  private static String text(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  private static void run(DatabaseServer server, String... statements) {
    try (Connection root = server.connectAsRoot();
        Statement statement = root.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new EmbeddedDatabaseException("replication not set up on " + server + ": " + e, e);
    }
  }

  /** Closes both servers. */
  @Override
  public void close() {
    try {
      replica.close();
    } finally {
      source.close();
    }
  }
}

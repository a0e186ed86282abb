package freshet.indexer.embedded;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * One database server process of our own on 127.0.0.1, with password accounts, row based binary log
 * and GTID.
 *
 * <p>Port, folder and accounts stay the same from start to {@link #close()}, over any number of
 * {@link #stop()}, {@link #kill()} and {@link #restart()}. The process ends with the JVM at the
 * latest: by a shutdown hook, and by a guardian process where no hook runs (kill -9, {@code
 * Runtime.halt}). Thread safe; calls that change the process exclude one another. Methods without a
 * declared exception throw {@link EmbeddedDatabaseException}.
 */
public interface DatabaseServer extends AutoCloseable {
  /** {@code mariadb} or {@code mysql}. */
  String flavor();

  /** The TCP port on 127.0.0.1. */
  int port();

  /** An account with all privileges, to be used from 127.0.0.1. */
  String rootUser();

  /** The password of {@link #rootUser()}. */
  String rootPassword();

  /**
   * The JDBC URL (Connector/J) of a database, or of none for the empty name. Connecting takes at
   * most 5 s and a silent server is given up after 30 s.
   */
  String jdbcUrl(String database);

  /**
   * Connects as the given account; the caller closes the connection.
   *
   * @throws SQLException as the driver reports it, for example code 1045 for a wrong password
   */
  Connection connect(String user, String password, String database) throws SQLException;

  /** Connects as {@link #rootUser()} to no database. */
  default Connection connectAsRoot() throws SQLException {
    return connect(rootUser(), rootPassword(), "");
  }

  /** The server process of the latest start, running or not; for signals such as SIGSTOP. */
  ProcessHandle process();

  /** Everything that belongs to this server: configuration, log, process id file, data. */
  Path folder();

  /**
   * Shuts the server down in order and returns when its process has ended. A server that has not
   * obeyed after 20 s, for example a paused one, is killed. Does nothing to a stopped server.
   */
  void stop();

  /** Kills the server at once (SIGKILL) and returns when its process has ended. */
  void kill();

  /** Stops the server if it runs, starts it again on the same port, returns when it answers. */
  void restart();

  /**
   * Ends the server for good. A temporary one is killed and its folder deleted, a persistent one is
   * stopped in order. Idempotent; the other methods must not be called afterwards.
   */
  @Override
  void close();
}

package freshet.indexer.embedded;

import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Brings a server of any flavor up, checks that it is ours and ready, and takes it down. */
final class LocalServer implements DatabaseServer {
  private static final Duration LONGEST_START = Duration.ofSeconds(60);
  private static final Duration BETWEEN_PROBES = Duration.ofMillis(20);
  private static final int MOST_PORTS = 10;

  private final Distribution distribution;
  private final ServerOptions options;
  private final ServerFolder folder;
  private final Time time;
  private final ServerProcess process;
  private int port;

  private LocalServer(
      Distribution distribution, ServerOptions options, ServerFolder folder, Time time) {
    this.distribution = distribution;
    this.options = options;
    this.folder = folder;
    this.time = time;
    this.process = new ServerProcess(distribution.executable(), folder);
  }

  /** Starts a server and returns when it answers. If that fails, nothing of it remains. */
  static DatabaseServer start(Distribution distribution, ServerOptions options, Time time) {
    LocalServer server;
    try {
      server =
          new LocalServer(distribution, options, ServerFolder.open(distribution, options), time);
    } catch (IOException e) {
      throw new EmbeddedDatabaseException(
          "no folder for an embedded " + distribution.flavor() + " server: " + e, e);
    }
    try {
      server.firstStart();
      return server;
    } catch (IOException | SQLException e) {
      server.close();
      throw new EmbeddedDatabaseException(server + " not started: " + e, e);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private synchronized void firstStart() throws IOException, SQLException {
    boolean isNew = !folder.isInitialized();
    if (isNew) {
      folder.fill(distribution.template(), options);
    }
    int tries = 1;
    port = FreePorts.find();
    while (!launch()) {
      if (tries++ == MOST_PORTS) {
        throw new EmbeddedDatabaseException(this + " not started: the last port was taken too");
      }
      port = FreePorts.find();
    }
    if (isNew) {
      try (Connection root = connectAsRoot();
          Statement statement = root.createStatement()) {
        statement.execute("SET sql_log_bin=0");
        for (String sql : options.initStatements()) {
          statement.execute(sql);
        }
      }
      folder.finishInitialization();
    }
  }

  /**
   * Starts the process and waits until it answers.
   *
   * @return false if it has ended because its port is taken
   */
  private boolean launch() throws IOException {
    long logSize = folder.logSize();
    folder.configure(distribution, options, port);
    process.start();
    long start = time.nanoTime();
    String lastProbe = "none";
    while (time.nanoTime() - start < LONGEST_START.toNanos()) {
      if (!process.handle().isAlive()) {
        String log = folder.logSince(logSize);
        process.kill();
        if (log.contains("Bind on TCP/IP port")) {
          return false;
        }
        throw new EmbeddedDatabaseException(this + " ended while it started; its log:\n" + log);
      }
      try {
        if (isOurServer()) {
          return true;
        }
        lastProbe = "the server on the port has another data folder";
      } catch (SQLException e) {
        lastProbe = e.toString();
      }
      pause();
    }
    process.kill();
    throw new EmbeddedDatabaseException(
        this
            + " did not answer in "
            + LONGEST_START.toSeconds()
            + " s; last probe: "
            + lastProbe
            + "; its log:\n"
            + folder.logSince(logSize));
  }

  /** Another process may have taken the port for a server of its own in the meantime. */
  private boolean isOurServer() throws SQLException, IOException {
    try (Connection root = connectAsRoot();
        Statement statement = root.createStatement();
        ResultSet row = statement.executeQuery("SELECT @@datadir")) {
      return row.next() && Path.of(row.getString(1)).equals(folder.data());
    }
  }

  private void pause() {
    try {
      time.sleep(BETWEEN_PROBES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedDatabaseException(this + " not started: interrupted", e);
    }
  }

  @Override
  public String flavor() {
    return distribution.flavor();
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public String rootUser() {
    return "root";
  }

  @Override
  public String rootPassword() {
    return options.rootPassword();
  }

  @Override
  public String jdbcUrl(String database) {
    return "jdbc:mysql://127.0.0.1:"
        + port
        + "/"
        + database
        + "?connectTimeout=5000&socketTimeout=30000&sslMode=DISABLED&allowPublicKeyRetrieval=true";
  }

  @Override
  public Connection connect(String user, String password, String database) throws SQLException {
    return DriverManager.getConnection(jdbcUrl(database), user, password);
  }

  @Override
  public ProcessHandle process() {
    return process.handle();
  }

  @Override
  public Path folder() {
    return folder.path();
  }

  @Override
  public synchronized void stop() {
    process.stop();
  }

  @Override
  public synchronized void kill() {
    process.kill();
  }

  @Override
  public synchronized void restart() {
    process.stop();
    try {
      if (!launch()) {
        throw new EmbeddedDatabaseException(
            this + " not restarted: another process has taken its port meanwhile");
      }
    } catch (IOException e) {
      throw new EmbeddedDatabaseException(this + " not restarted: " + e, e);
    }
  }

  @Override
  public synchronized void close() {
    process.close();
  }

  @Override
  public String toString() {
    return "embedded " + distribution.flavor() + " server on port " + port + " in " + folder.path();
  }
}

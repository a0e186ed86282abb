package freshet.indexer.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServerIT {
  private final Time time = new SystemTime();
  private DatabaseServer server;

  @BeforeEach
  void start() {
    server =
        TestFlavor.chosen()
            .start(
                ServerOptions.temporary(7)
                    .withConfiguration("max_allowed_packet=32M")
                    .withInitStatements(
                        "CREATE USER 'reader'@'127.0.0.1' IDENTIFIED BY 'secret'",
                        "CREATE DATABASE shop",
                        "CREATE TABLE shop.item (id INT PRIMARY KEY)",
                        "GRANT SELECT ON shop.* TO 'reader'@'127.0.0.1'"),
                time);
  }

  @AfterEach
  void close() {
    server.close();
    assertThat(server.process().isAlive()).isFalse();
    assertThat(server.folder()).doesNotExist();
  }

  @Test
  void configurationIsAsAsked() throws SQLException {
    assertThat(rootQuery("SELECT @@max_allowed_packet")).isEqualTo(32L << 20);
    assertThat(rootQuery("SELECT @@server_id")).isEqualTo(7);
    assertThat(rootQuery("SELECT @@log_bin + (@@binlog_format = 'ROW')")).isEqualTo(2);
    assertThat(rootQuery("SELECT @@innodb_buffer_pool_size")).isEqualTo(64L << 20);
    assertThat(rootQuery("SELECT COUNT(*) FROM mysql.user WHERE User = ''")).isZero();
  }

  @Test
  void accountsNeedTheirPassword() throws SQLException {
    refuses("root", "");
    refuses("root", "guess");
    refuses("reader", "");
    refuses("nobody", "");
    try (Connection reader = server.connect("reader", "secret", "shop");
        Statement statement = reader.createStatement()) {
      statement.executeQuery("SELECT * FROM item").close();
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> statement.execute("INSERT INTO item VALUES (1)"))
          .matches(e -> e.getErrorCode() == 1142);
    }
  }

  private void refuses(String user, String password) {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> server.connect(user, password, "").close())
        .matches(e -> e.getErrorCode() == 1045);
  }

  @Test
  void restartKeepsPortAndData() throws SQLException {
    insert(1);
    int port = server.port();
    long pid = server.process().pid();
    server.stop();
    assertThat(server.process().isAlive()).isFalse();
    assertThatExceptionOfType(SQLException.class).isThrownBy(() -> server.connectAsRoot().close());
    server.restart();
    assertThat(server.port()).isEqualTo(port);
    assertThat(server.process().pid()).isNotEqualTo(pid);
    assertThat(rootQuery("SELECT COUNT(*) FROM shop.item")).isEqualTo(1);
    refuses("root", "");
    assertThat(server.folder().resolve("init.sql")).doesNotExist();
  }

  @Test
  void killedServerComesBackWithAllCommittedRows() throws SQLException {
    for (int round = 0; round < 3; round++) {
      insert(round);
      server.kill();
      assertThat(server.process().isAlive()).isFalse();
      server.restart();
      assertThat(rootQuery("SELECT COUNT(*) FROM shop.item")).isEqualTo(round + 1);
    }
  }

  @Test
  void serverKilledFromOutsideCanBeRestarted() throws Exception {
    insert(1);
    Signals.send("KILL", server.process());
    server.process().onExit().get();
    server.restart();
    assertThat(rootQuery("SELECT COUNT(*) FROM shop.item")).isEqualTo(1);
  }

  @Test
  void pausedServerAnswersAgainAfterwards() throws Exception {
    try (Connection root = server.connectAsRoot();
        Statement statement = root.createStatement()) {
      Signals.send("STOP", server.process());
      root.setNetworkTimeout(Runnable::run, 500);
      assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute("SELECT 1"));
    }
    assertThat(server.process().isAlive()).isTrue();
    Signals.send("CONT", server.process());
    assertThat(rootQuery("SELECT 1")).isEqualTo(1);
  }

  @Test
  void pausedServerCanBeClosed() throws Exception {
    Signals.send("STOP", server.process());
  }

  @Test
  void persistentServerKeepsDataAndItsFolderIsItsOwn(@TempDir Path parent) throws SQLException {
    Path folder = parent.resolve("a data folder, long ".repeat(8).strip()).resolve("x#y");
    ServerOptions options = ServerOptions.persistent(folder, 3, "Pass-1_word");
    DatabaseServer first = TestFlavor.chosen().start(options, time);
    try (first;
        Connection root = first.connectAsRoot();
        Statement statement = root.createStatement()) {
      statement.execute("CREATE DATABASE kept");
      assertThatExceptionOfType(EmbeddedDatabaseException.class)
          .isThrownBy(() -> TestFlavor.chosen().start(options, time))
          .withMessageContaining("is used by");
    }
    assertThat(folder).exists();
    try (DatabaseServer second = TestFlavor.chosen().start(options, time);
        Connection root = second.connect("root", "Pass-1_word", "kept")) {
      assertThat(root.isValid(2)).isTrue();
    }
  }

  @Test
  void wrongConfigurationFailsWithTheLogAndLeavesNothing() throws Exception {
    long before = folders();
    assertThatExceptionOfType(EmbeddedDatabaseException.class)
        .isThrownBy(
            () ->
                TestFlavor.chosen()
                    .start(
                        ServerOptions.temporary(1).withConfiguration("no_such_variable=1"), time))
        .withMessageContaining("no_such_variable");
    assertThatExceptionOfType(EmbeddedDatabaseException.class)
        .isThrownBy(
            () ->
                TestFlavor.chosen()
                    .start(ServerOptions.temporary(1).withInitStatements("NONSENSE"), time))
        .withMessageContaining("NONSENSE");
    assertThat(folders()).isEqualTo(before);
  }

  private static long folders() throws Exception {
    // With its end: those of process 1234 are none of process 123.
    String prefix =
        "freshet-"
            + System.getProperty("freshet.test.database", "mariadb")
            + "-"
            + ProcessHandle.current().pid()
            + "-";
    try (var all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.filter(path -> path.getFileName().toString().startsWith(prefix)).count();
    }
  }

  private void insert(int id) throws SQLException {
    try (Connection root = server.connectAsRoot();
        Statement statement = root.createStatement()) {
      statement.execute("INSERT INTO shop.item VALUES (" + id + ")");
    }
  }

  private long rootQuery(String sql) throws SQLException {
    try (Connection root = server.connectAsRoot();
        Statement statement = root.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}

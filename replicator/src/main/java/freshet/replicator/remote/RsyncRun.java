package freshet.replicator.remote;

import freshet.replicator.files.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process of this system's rsync, which writes into a scratch folder of its own. Ended by any
 * thread.
 */
final class RsyncRun {
  private static final Logger LOG = LoggerFactory.getLogger(RsyncRun.class);
  private static final int PARTIAL = 23;
  private static final int MAX_TALK = 500;
  private static final String FOLDER_PREFIX = "freshet-rsync-";

  private final String url;
  private final Process process;
  private final Path folder;

  private RsyncRun(String url, Process process, Path folder) {
    this.url = url;
    this.process = process;
    this.folder = folder;
  }

  /** The folder of a run to come. */
  static Path newFolder(RemoteOptions options) throws IOException {
    return Files.createTempDirectory(options.access().scratch(), FOLDER_PREFIX);
  }

  /**
   * Starts to fetch.
   *
   * @param how further options
   * @param folder of this run, which is removed if it can't be started
   * @param target in the folder
   */
  static RsyncRun start(
      String url, List<String> how, Path folder, Path target, RemoteOptions options)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("rsync", "--no-motd"));
    command.add("--contimeout=" + seconds(options.connectTimeout()));
    command.add("--timeout=" + seconds(options.bodyGap().plus(options.headerTimeout())));
    command.addAll(how);
    command.addAll(List.of("--", url, target.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(talkIn(folder).toFile());
    BearerToken token = options.access().token();
    // Also without one, or rsync would ask the terminal for it.
    builder.environment().put("RSYNC_PASSWORD", token == null ? "" : token.value());
    builder.environment().put("LC_ALL", "C");
    try {
      return new RsyncRun(url, builder.start(), folder);
    } catch (IOException e) {
      DurableFiles.deleteTree(folder);
      throw new RemoteException.Unexpected(
          "%s: rsync can't be run (%s): a remote with rsync:// needs it in the PATH, such as by: apt install rsync"
              .formatted(url, e.getMessage()),
          e);
    }
  }

  /** Removes what processes that were killed left of their own before that time. */
  static void removeLeftovers(Path scratch, Instant before) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(scratch, FOLDER_PREFIX + "*")) {
      for (Path folder : folders) {
        if (Files.getLastModifiedTime(folder).toInstant().isBefore(before)) {
          DurableFiles.deleteTree(folder);
        }
      }
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Kills it, and what it has started. */
  void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Removes what it wrote. */
  void deleteFolder() {
    try {
      DurableFiles.deleteTree(folder);
    } catch (IOException e) {
      // One that was just killed may still be writing.
      LOG.debug("{} stays until a later process removes it", folder, e);
    }
  }

  /** Whether a process that has ended brought all but what is not there. */
  boolean lackedFiles() {
    return process.exitValue() == PARTIAL;
  }

  /** What the exit code means of a process that has ended (EXIT VALUES in rsync's manual). */
  void failIfFailed() throws RemoteException {
    int code = process.exitValue();
    String message = "%s: rsync ended with exit code %d: %s".formatted(url, code, talk());
    switch (code) {
      case 0 -> {}
      case 5 -> throw new RemoteException.Denied(message + "; check module, user and remote.token");
      case 10, 35 -> throw new RemoteException.Unreachable(message, new IOException(message));
      case PARTIAL -> throw new RemoteException.NotFound(message);
      case 12, 20, 30 -> throw new RemoteException.Lost(message, null);
      default -> throw new RemoteException.Unexpected(message, null);
    }
  }

  private String talk() {
    try {
      String text = Files.readString(talkIn(folder), StandardCharsets.ISO_8859_1);
      String line = text.strip().replaceAll("\\s*\\R\\s*", "; ");
      return line.length() <= MAX_TALK ? line : line.substring(0, MAX_TALK) + "…";
    } catch (IOException e) {
      return "it said nothing";
    }
  }

  private static Path talkIn(Path folder) {
    return folder.resolve("talk");
  }

  private static long seconds(Duration duration) {
    return Math.max(1, duration.plusMillis(999).toSeconds());
  }
}

package freshet.replicator.remote;

import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file that an rsync process is writing to a scratch folder, read while it grows. Its reads block
 * until there are bytes, the process has ended, or somebody closes it; the deadlines are the
 * watchdog's. Used by one thread, closed by any.
 */
final class RsyncBody extends InputStream {
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(5);
  private static final int MAX_TALK = 500;
  private static final String FOLDER_PREFIX = "freshet-rsync-";

  private final String url;
  private final Process process;
  private final Path folder;
  private final Path file;
  private final Time time;
  private @Nullable FileChannel content;
  private long at;
  private volatile boolean isClosed;

  private RsyncBody(String url, Process process, Path folder, Path file, long at, Time time) {
    this.url = url;
    this.process = process;
    this.folder = folder;
    this.file = file;
    this.at = at;
    this.time = time;
  }

  /** Starts to fetch a file from a place on. */
  static RsyncBody start(String url, long offset, RemoteOptions options, Time time)
      throws IOException {
    Path folder = Files.createTempDirectory(options.access().scratch(), FOLDER_PREFIX);
    Path file = folder.resolve("file");
    List<String> command =
        new ArrayList<>(
            List.of(
                "rsync",
                "--no-motd",
                "--inplace",
                "--contimeout=" + seconds(options.connectTimeout()),
                "--timeout=" + seconds(options.bodyGap().plus(options.headerTimeout()))));
    if (offset > 0) {
      // What is here already is a hole of that size: rsync sends only what lies behind it.
      try (RandomAccessFile hole = new RandomAccessFile(file.toFile(), "rw")) {
        hole.setLength(offset);
      }
      command.add("--append");
    }
    command.addAll(List.of("--", url, file.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("talk").toFile());
    BearerToken token = options.access().token();
    // Also without one, or rsync would ask the terminal for it.
    builder.environment().put("RSYNC_PASSWORD", token == null ? "" : token.value());
    builder.environment().put("LC_ALL", "C");
    try {
      return new RsyncBody(url, builder.start(), folder, file, offset, time);
    } catch (IOException e) {
      delete(folder);
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
          delete(folder);
        }
      }
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (true) {
      // Before the look at the file: what an ended process wrote is there by now.
      boolean hasEnded = !process.isAlive();
      int n = some(buffer, offset, length);
      if (n > 0) {
        at += n;
        return n;
      }
      if (isClosed) {
        throw new IOException("closed");
      }
      if (hasEnded) {
        failIfFailed();
        return -1;
      }
      pause();
    }
  }

  /**
   * Waits until there are bytes, or rsync has ended.
   *
   * @throws RemoteException if it ended with a failure
   */
  void awaitStart() throws IOException {
    while (!isClosed && process.isAlive() && size() <= at) {
      pause();
    }
    if (isClosed) {
      throw new IOException("closed");
    }
    if (!process.isAlive()) {
      failIfFailed();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (isClosed) {
      return;
    }
    isClosed = true;
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    if (content != null) {
      content.close();
    }
    delete(folder);
  }

  private synchronized int some(byte[] buffer, int offset, int length) throws IOException {
    if (isClosed) {
      return 0;
    }
    if (content == null) {
      if (size() <= at) {
        return 0;
      }
      content = FileChannel.open(file, StandardOpenOption.READ);
    }
    return content.read(ByteBuffer.wrap(buffer, offset, length), at);
  }

  private long size() throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  private void pause() throws RemoteException {
    try {
      time.sleep(LOOK_INTERVAL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RemoteException.Closed(url + ": interrupted");
    }
  }

  /** What its exit code means (EXIT VALUES in rsync's manual). */
  private void failIfFailed() throws RemoteException {
    int code = process.exitValue();
    String message = "%s: rsync ended with exit code %d: %s".formatted(url, code, talk());
    switch (code) {
      case 0 -> {}
      case 5 -> throw new RemoteException.Denied(message + "; check module, user and remote.token");
      case 10, 35 -> throw new RemoteException.Unreachable(message, new IOException(message));
      case 23 -> throw new RemoteException.NotFound(message);
      case 12, 20, 30 -> throw new RemoteException.Lost(message, null);
      default -> throw new RemoteException.Unexpected(message, null);
    }
  }

  private String talk() {
    try {
      String text = Files.readString(folder.resolve("talk"), StandardCharsets.ISO_8859_1);
      String line = text.strip().replaceAll("\\s*\\R\\s*", "; ");
      return line.length() <= MAX_TALK ? line : line.substring(0, MAX_TALK) + "…";
    } catch (IOException e) {
      return "it said nothing";
    }
  }

  private static long seconds(Duration duration) {
    return Math.max(1, duration.plusMillis(999).toSeconds());
  }

  private static void delete(Path folder) throws IOException {
    for (String name : List.of("file", "talk")) {
      Files.deleteIfExists(folder.resolve(name));
    }
    Files.deleteIfExists(folder);
  }
}

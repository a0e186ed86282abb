package freshet.replicator.remote;

import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
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

  private final String url;
  private final RsyncRun run;
  private final Path file;
  private final Time time;
  private @Nullable FileChannel content;
  private long at;
  private volatile boolean isClosed;

  private RsyncBody(String url, RsyncRun run, Path file, long at, Time time) {
    this.url = url;
    this.run = run;
    this.file = file;
    this.at = at;
    this.time = time;
  }

  /** Starts to fetch a file from a place on. */
  static RsyncBody start(String url, long offset, RemoteOptions options, Time time)
      throws IOException {
    Path folder = RsyncRun.newFolder(options);
    Path file = folder.resolve("file");
    List<String> how = new ArrayList<>(List.of("--inplace"));
    if (offset > 0) {
      // What is here already is a hole of that size: rsync sends only what lies behind it.
      try (RandomAccessFile hole = new RandomAccessFile(file.toFile(), "rw")) {
        hole.setLength(offset);
      }
      how.add("--append");
    }
    RsyncRun run = RsyncRun.start(url, how, folder, file, options);
    return new RsyncBody(url, run, file, offset, time);
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
      boolean hasEnded = !run.isAlive();
      int n = some(buffer, offset, length);
      if (n > 0) {
        at += n;
        return n;
      }
      if (isClosed) {
        throw new IOException("closed");
      }
      if (hasEnded) {
        run.failIfFailed();
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
    while (!isClosed && run.isAlive() && size() <= at) {
      pause();
    }
    if (isClosed) {
      throw new IOException("closed");
    }
    if (!run.isAlive()) {
      run.failIfFailed();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (isClosed) {
      return;
    }
    isClosed = true;
    run.kill();
    if (content != null) {
      content.close();
    }
    run.deleteFolder();
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
}

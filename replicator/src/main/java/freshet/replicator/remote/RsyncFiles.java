package freshet.replicator.remote;

import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.BundleHead;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Several small files that one rsync process is writing to a scratch folder. As a stream it tells
 * how many bytes have come, for the watchdog's deadlines: it has as many bytes, of no meaning. Used
 * by one thread, closed by any.
 */
final class RsyncFiles extends InputStream {
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(20);

  private final RsyncRun run;
  private final Path files;
  private final String url;
  private final Time time;
  private long seen;
  private volatile boolean isClosed;

  private RsyncFiles(RsyncRun run, Path files, String url, Time time) {
    this.run = run;
    this.files = files;
    this.url = url;
    this.time = time;
  }

  /**
   * Starts to fetch.
   *
   * @param names relative ones below the address
   * @param maxFileBytes larger files stay away
   */
  static RsyncFiles start(
      String base, List<String> names, int maxFileBytes, RemoteOptions options, Time time)
      throws IOException {
    Path folder = RsyncRun.newFolder(options);
    Path list = Files.writeString(folder.resolve("list"), String.join("\0", names));
    Path files = Files.createDirectory(folder.resolve("files"));
    List<String> how =
        List.of(
            "--from0",
            "--files-from=" + list,
            "--no-implied-dirs",
            "--whole-file",
            "--max-size=" + maxFileBytes);
    String url = base + "/";
    return new RsyncFiles(RsyncRun.start(url, how, folder, files, options), files, url, time);
  }

  @Override
  public int read() throws IOException {
    return read(new byte[1], 0, 1) < 0 ? -1 : 0;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (true) {
      // Before the look at the files: what an ended process wrote is there by now.
      boolean hasEnded = !run.isAlive();
      long more = bytes() - seen;
      if (more > 0) {
        int n = (int) Math.min(more, length);
        seen += n;
        return n;
      }
      if (isClosed) {
        throw new IOException("closed");
      }
      if (hasEnded) {
        if (!run.lackedFiles()) {
          run.failIfFailed();
        }
        return -1;
      }
      pause();
    }
  }

  /**
   * What has come, in the order of the names. A file that has its name is there whole: rsync writes
   * beside it first. What would make too much for one answer is left out.
   */
  RemoteBundle arrived(List<String> names, int maxFileBytes) throws IOException {
    List<BundleHead.Member> members = new ArrayList<>();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String name : names) {
      Path file = files.resolve(name);
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        long length = Files.size(file);
        if (length <= maxFileBytes && bytes.size() + length <= BundleHead.MAX_FILE_BYTES) {
          byte[] content = Files.readAllBytes(file);
          bytes.write(content);
          members.add(new BundleHead.Member(name, content.length, false));
        }
      }
    }
    return RemoteBundle.of(
        new BundleHead(members), new ByteArrayInputStream(bytes.toByteArray()), url, maxFileBytes);
  }

  /** Ends the process; the files stay until {@link #delete}. */
  @Override
  public void close() {
    isClosed = true;
    run.kill();
  }

  /** Removes the files. */
  void delete() {
    run.deleteFolder();
  }

  private long bytes() throws IOException {
    long[] bytes = new long[1];
    Files.walkFileTree(
        files,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes[0] += attributes.size();
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            // It has just got its name.
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes[0];
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

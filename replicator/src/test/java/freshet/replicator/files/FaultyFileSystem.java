package freshet.replicator.files;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.lucene.tests.mockfile.FilterFileChannel;
import org.apache.lucene.tests.mockfile.FilterFileSystemProvider;

/**
 * A view of the real file system whose Nth operation fails. What counts is what can go wrong or be
 * interrupted: opening, listing, creating, writing, truncating, forcing, linking, moving, deleting.
 * A failing write leaves half of its bytes behind, as a full disk does. Against the calls that the
 * kernel sees of one pull and of one publication this is all of them, one to one: openat, write and
 * pwrite64, ftruncate, fsync, link, rename, unlink, mkdir.
 *
 * <pre>{@code
 * FaultyFileSystem faulty = new FaultyFileSystem();
 * Path root = faulty.wrap(folder);
 * faulty.failAt(17, Mode.CRASH); // counts from 1 from here on
 * }</pre>
 */
public final class FaultyFileSystem {
  /** What happens at the operation that was chosen. */
  public enum Mode {
    /** It fails, what follows works: a passing I/O error. */
    ONCE,
    /** It and everything after it fail: the process is dead, nothing cleans up. */
    CRASH,
    /** It takes effect and then fails, as does everything after it: killed right after it. */
    CRASH_AFTER
  }

  /** The failure that was asked for. */
  public static final class Injected extends IOException {
    private static final long serialVersionUID = 1L;

    Injected(String message) {
      super(message);
    }
  }

  private final Provider provider = new Provider();
  private final List<String> operations = new ArrayList<>();
  private int failAt;
  private Mode mode = Mode.ONCE;

  /** The same path, seen through this file system. */
  public Path wrap(Path path) {
    return provider.wrapPath(path.toAbsolutePath());
  }

  /** Starts counting at 1 again and fails at that operation; 0 never fails. */
  public synchronized void failAt(int operation, Mode how) {
    operations.clear();
    failAt = operation;
    mode = how;
  }

  /** How many operations there were since {@link #failAt}. */
  public synchronized int count() {
    return operations.size();
  }

  /** The operations since {@link #failAt}, such as {@code "force LATEST.1f.tmp"}. */
  public synchronized List<String> operations() {
    return List.copyOf(operations);
  }

  private interface Operation<T> {
    T run() throws IOException;
  }

  private interface Effect {
    void run() throws IOException;
  }

  private void run(String verb, Path path, Effect effect) throws IOException {
    call(
        verb,
        path,
        () -> {
          effect.run();
          return path;
        });
  }

  private <T> T call(String verb, Path path, Operation<T> operation) throws IOException {
    Verdict verdict = next(verb, path);
    if (verdict == Verdict.WORKS) {
      return operation.run();
    }
    Injected failure = new Injected("injected at " + verb + " " + path);
    if (verdict == Verdict.WORKS_THEN_FAILS) {
      T result = operation.run();
      if (result instanceof AutoCloseable open) {
        try {
          open.close();
        } catch (Exception e) {
          failure.addSuppressed(e);
        }
      }
    }
    throw failure;
  }

  private enum Verdict {
    WORKS,
    FAILS,
    WORKS_THEN_FAILS
  }

  private synchronized Verdict next(String verb, Path path) {
    operations.add(verb + " " + path.getFileName());
    int now = operations.size();
    if (failAt == 0 || now < failAt) {
      return Verdict.WORKS;
    }
    if (now == failAt) {
      return mode == Mode.CRASH_AFTER ? Verdict.WORKS_THEN_FAILS : Verdict.FAILS;
    }
    return mode == Mode.ONCE ? Verdict.WORKS : Verdict.FAILS;
  }

  private final class Provider extends FilterFileSystemProvider {
    Provider() {
      super("faulty://", FileSystems.getDefault());
    }

    @Override
    public FileChannel newFileChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      String verb = isWrite(options) ? "open for writing" : "open";
      return new Channel(
          path, call(verb, path, () -> super.newFileChannel(path, options, attributes)));
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      if (isWrite(options)) {
        return newFileChannel(path, options, attributes);
      }
      return call("open", path, () -> super.newByteChannel(path, options, attributes));
    }

    @Override
    public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
      return call("open", path, () -> super.newInputStream(path, options));
    }

    @Override
    public OutputStream newOutputStream(Path path, OpenOption... options) throws IOException {
      OutputStream out = call("open for writing", path, () -> super.newOutputStream(path, options));
      return new FilterOutputStream(out) {
        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          Verdict verdict = next("write", path);
          if (verdict != Verdict.WORKS) {
            out.write(bytes, offset, verdict == Verdict.FAILS ? length / 2 : length);
            throw new Injected("injected at write " + path);
          }
          out.write(bytes, offset, length);
        }
      };
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
        Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
      return call("list", folder, () -> super.newDirectoryStream(folder, filter));
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
      run("create folder", folder, () -> super.createDirectory(folder, attributes));
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
      run("link", link, () -> super.createLink(link, existing));
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
      run("move", target, () -> super.move(source, target, options));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
      run("copy", target, () -> super.copy(source, target, options));
    }

    @Override
    public void delete(Path path) throws IOException {
      run("delete", path, () -> super.delete(path));
    }

    @Override
    public boolean deleteIfExists(Path path) throws IOException {
      return call("delete", path, () -> super.deleteIfExists(path));
    }

    private boolean isWrite(Set<? extends OpenOption> options) {
      return options.contains(StandardOpenOption.WRITE)
          || options.contains(StandardOpenOption.APPEND);
    }
  }

  private final class Channel extends FilterFileChannel {
    private final Path path;

    Channel(Path path, FileChannel delegate) {
      super(delegate);
      this.path = path;
    }

    /** To a channel, at its position or at another. */
    private interface Write {
      int of(ByteBuffer bytes) throws IOException;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      return write(source, bytes -> super.write(bytes));
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
      return write(source, bytes -> super.write(bytes, position));
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      run("truncate", path, () -> super.truncate(size));
      return this;
    }

    private int write(ByteBuffer source, Write write) throws IOException {
      Verdict verdict = next("write", path);
      if (verdict == Verdict.WORKS) {
        return write.of(source);
      }
      ByteBuffer part = source.duplicate();
      if (verdict == Verdict.FAILS) {
        part.limit(part.position() + part.remaining() / 2);
      }
      write.of(part);
      throw new Injected("injected at write " + path);
    }

    @Override
    public void force(boolean metadata) throws IOException {
      // Counted, but not done: no test pulls the plug, and thousands of real ones take minutes.
      run("force", path, () -> {});
    }
  }
}

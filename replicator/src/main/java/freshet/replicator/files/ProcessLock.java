package freshet.replicator.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A lock that one process holds over a folder's work. The operating system releases it when the
 * process ends, however it ends, so a stale lock can't exist; the file itself stays, and names its
 * last holder.
 */
public final class ProcessLock implements AutoCloseable {
  private static final int HOLDER_BYTES = 1024;

  /** What came of trying to take a lock. */
  public sealed interface Attempt {
    /** The lock is ours until it is closed. */
    record Taken(ProcessLock lock) implements Attempt {}

    /**
     * Another process, or this one, holds it.
     *
     * @param holder what the holder wrote of itself, "unknown" if it has not yet
     */
    record Held(String holder) implements Attempt {}
  }

  /**
   * Which this process has, or is about to try, and what it writes of itself. Never is a file
   * opened that is locked from here: on closing any descriptor of it, POSIX releases the lock.
   */
  private static final Map<Path, String> OWN = new ConcurrentHashMap<>();

  private final Path key;
  private final FileChannel channel;

  private ProcessLock(Path key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  /**
   * Tries to take the lock without waiting.
   *
   * @param file the lock's file, made if absent
   * @param holder one line that tells people who holds it, such as the verb and the process id
   */
  public static Attempt tryTake(Path file, String holder) throws IOException {
    Path key = keyOf(file);
    String own = OWN.putIfAbsent(key, holder);
    if (own != null) {
      return new Attempt.Held(own);
    }
    boolean isTaken = false;
    try {
      Attempt attempt = tryTakeFromOthers(key, holder);
      isTaken = attempt instanceof Attempt.Taken;
      return attempt;
    } finally {
      if (!isTaken) {
        OWN.remove(key);
      }
    }
  }

  private static Attempt tryTakeFromOthers(Path file, String holder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean isTaken = false;
    try {
      if (channel.tryLock() == null) {
        return new Attempt.Held(readHolder(channel));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((holder + "\n").getBytes(StandardCharsets.UTF_8)), 0);
      channel.force(true);
      isTaken = true;
      return new Attempt.Taken(new ProcessLock(file, channel));
    } finally {
      if (!isTaken) {
        // Also after a failed write: a lock that nobody can release would outlive the failure.
        channel.close();
      }
    }
  }

  /**
   * What the last one to hold a lock wrote of itself. It is read, not tried: to try it would stand
   * in the way of who wants it.
   *
   * @return "unknown" if it has not written yet; empty if there is no such file
   */
  public static Optional<String> lastHolder(Path file) throws IOException {
    try {
      String own = OWN.get(keyOf(file));
      if (own != null) {
        return Optional.of(own);
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        return Optional.of(readHolder(channel));
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.close();
    } finally {
      OWN.remove(key);
    }
  }

  private static Path keyOf(Path file) throws IOException {
    Path whole = file.toAbsolutePath();
    return Objects.requireNonNull(whole.getParent(), "the root is no lock")
        .toRealPath()
        .resolve(Objects.requireNonNull(whole.getFileName(), "the root is no lock"));
  }

  private static String readHolder(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(HOLDER_BYTES);
    int n = channel.read(buffer, 0);
    String text = n <= 0 ? "" : new String(buffer.array(), 0, n, StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? "unknown" : text;
  }
}

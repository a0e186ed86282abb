package freshet.replicator.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

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

  private final FileChannel channel;
  private final FileLock lock;

  private ProcessLock(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Tries to take the lock without waiting.
   *
   * @param file the lock's file, made if absent
   * @param holder one line that tells people who holds it, such as the verb and the process id
   */
  public static Attempt tryTake(Path file, String holder) throws IOException {
    Objects.requireNonNull(holder);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean isTaken = false;
    try {
      FileLock lock;
      try {
        lock = channel.tryLock();
      } catch (OverlappingFileLockException e) {
        // This very process holds it; the answer to the caller is the same.
        lock = null;
      }
      if (lock == null) {
        return new Attempt.Held(readHolder(channel));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((holder + "\n").getBytes(StandardCharsets.UTF_8)), 0);
      channel.force(true);
      isTaken = true;
      return new Attempt.Taken(new ProcessLock(channel, lock));
    } finally {
      if (!isTaken) {
        // Also after a failed write: a lock that nobody can release would outlive the failure.
        channel.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
    channel.close();
  }

  private static String readHolder(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(HOLDER_BYTES);
    int n = channel.read(buffer, 0);
    String text = n <= 0 ? "" : new String(buffer.array(), 0, n, StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? "unknown" : text;
  }
}

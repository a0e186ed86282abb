package freshet.replicator.serve;

import com.github.luben.zstd.Zstd;
import freshet.replicator.files.Digest;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Files as they go over the wire, compressed once for all slaves. Holds so many bytes of them, and
 * forgets what nobody has asked for lately; while there is no room, files go as they are.
 * Thread-safe; one file at a time is compressed.
 */
final class CompressedFiles {
  /** What ends the tag of a compressed representation: other bytes, other tag (RFC 9110, 8.8.3). */
  private static final String TAG_SUFFIX = "-zstd";

  private static final int LEVEL = 3;
  private static final int SMALLEST_BYTES = 256;
  private static final int LARGEST_BYTES = 16 << 20;

  /** A file that loses less than a twentieth is sent as it is. */
  private static final double WORTH = 0.95;

  /**
   * What was asked for since then stays. Slaves that clone a repository larger than this ask for
   * its files in one order, so that the oldest is what the next of them asks for first: if it had
   * to go, everything would be compressed again for each.
   */
  private static final Duration KEPT = Duration.ofMinutes(1);

  /** Also of what is not worth it something is kept: that it is not. */
  private static final int ENTRY_BYTES = 128;

  @SuppressWarnings("ArrayRecordComponent")
  private record Held(byte[] bytes, long usedNanos) {
    long weight() {
      return (long) bytes.length + ENTRY_BYTES;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock compressing = new ReentrantLock();
  private final Map<Digest, Held> held = new LinkedHashMap<>(16, 0.75f, true);
  private final long maxBytes;
  private final Time time;
  private long bytes;

  CompressedFiles(long maxBytes, Time time) {
    this.maxBytes = maxBytes;
    this.time = time;
  }

  /** The tag of a file's compressed form. */
  static String etag(ServedFile file) {
    return "\"" + file.digest() + TAG_SUFFIX + "\"";
  }

  /** A file's compressed form; empty if there is nothing to be won, or no room for it. */
  Optional<byte[]> of(ServedFile file) throws IOException {
    if (maxBytes == 0
        || file.length() < SMALLEST_BYTES
        || file.length() > Math.min(LARGEST_BYTES, maxBytes)
        || file.mediaType().equals(ServedFile.ZSTD)) {
      return Optional.empty();
    }
    Optional<byte[]> known = find(file.digest());
    if (known.isPresent()) {
      return worth(known.get());
    }
    compressing.lock();
    try {
      // Another request may have waited for the same file.
      Optional<byte[]> meanwhile = find(file.digest());
      if (meanwhile.isPresent()) {
        return worth(meanwhile.get());
      }
      if (!makeRoom(file.length() + ENTRY_BYTES)) {
        return Optional.empty();
      }
      byte[] plain = Files.readAllBytes(file.path());
      if (!Digest.of(plain).equals(file.digest())) {
        // Rotten. It goes as it is, for the slave to notice; kept, it would outlive its healing.
        return Optional.empty();
      }
      byte[] small = Zstd.compress(plain, LEVEL);
      byte[] kept = small.length < plain.length * WORTH ? small : new byte[0];
      keep(file.digest(), kept);
      return worth(kept);
    } finally {
      compressing.unlock();
    }
  }

  private static Optional<byte[]> worth(byte[] compressed) {
    return compressed.length == 0 ? Optional.empty() : Optional.of(compressed);
  }

  private Optional<byte[]> find(Digest digest) {
    lock.lock();
    try {
      return Optional.ofNullable(
              held.computeIfPresent(
                  digest, (unused, known) -> new Held(known.bytes, time.nanoTime())))
          .map(Held::bytes);
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is that much room now, which only who compresses uses up. */
  private boolean makeRoom(long wanted) {
    lock.lock();
    try {
      Iterator<Held> oldest = held.values().iterator();
      while (bytes + wanted > maxBytes && oldest.hasNext()) {
        Held next = oldest.next();
        if (time.since(next.usedNanos).compareTo(KEPT) < 0) {
          return false;
        }
        bytes -= next.weight();
        oldest.remove();
      }
      return bytes + wanted <= maxBytes;
    } finally {
      lock.unlock();
    }
  }

  private void keep(Digest digest, byte[] compressed) {
    lock.lock();
    try {
      Held kept = new Held(compressed, time.nanoTime());
      held.put(digest, kept);
      bytes += kept.weight();
    } finally {
      lock.unlock();
    }
  }
}

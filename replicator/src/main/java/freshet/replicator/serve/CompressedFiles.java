package freshet.replicator.serve;

import com.github.luben.zstd.Zstd;
import freshet.replicator.files.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Files as they go over the wire, compressed once for all slaves. Holds so many bytes of them, and
 * forgets what was asked for longest ago. Thread-safe; one file at a time is compressed.
 */
final class CompressedFiles {
  /** What ends the tag of a compressed representation: other bytes, other tag (RFC 9110, 8.8.3). */
  private static final String TAG_SUFFIX = "-zstd";

  private static final int LEVEL = 3;
  private static final int SMALLEST_BYTES = 256;
  private static final int LARGEST_BYTES = 16 << 20;

  /** A file that loses less than a twentieth is sent as it is. */
  private static final double WORTH = 0.95;

  /** Also of what is not worth it something is kept: that it is not. */
  private static final int ENTRY_BYTES = 128;

  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock compressing = new ReentrantLock();
  private final Map<Digest, byte[]> held = new LinkedHashMap<>(16, 0.75f, true);
  private final long maxBytes;
  private long bytes;

  CompressedFiles(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** The tag of a file's compressed form. */
  static String etag(ServedFile file) {
    return "\"" + file.digest() + TAG_SUFFIX + "\"";
  }

  /** A file's compressed form; empty if there is nothing to be won. */
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
      return Optional.ofNullable(held.get(digest));
    } finally {
      lock.unlock();
    }
  }

  private void keep(Digest digest, byte[] compressed) {
    lock.lock();
    try {
      held.put(digest, compressed);
      bytes += compressed.length + ENTRY_BYTES;
      Iterator<byte[]> oldest = held.values().iterator();
      while (bytes > maxBytes && held.size() > 1) {
        bytes -= oldest.next().length + ENTRY_BYTES;
        oldest.remove();
      }
    } finally {
      lock.unlock();
    }
  }
}

package freshet.indexer.bulk;

import freshet.replicator.schema.ValueBytes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A file of pages that are in no commit yet. It is written without being synced: what was written
 * survives the end of the process, since the operating system has it. After a crash of the machine
 * its end may be missing or damaged; each page has its number and a checksum, so that what is left
 * is known for sure. Thread-safe.
 */
final class Spool implements Closeable {
  private static final int HEADER = Integer.BYTES + Integer.BYTES + Long.BYTES;
  private static final int CHUNK = 1 << 20;

  private final FileChannel channel;
  private long length;
  private long next;

  private Spool(FileChannel channel, long next) {
    this.channel = channel;
    this.next = next;
  }

  /** Takes pages back, in their order. */
  interface Sink {
    void page(long number, SpooledPage page) throws IOException;
  }

  /**
   * Opens a file, which is made if absent, tells what is in it, and cuts off what is damaged.
   *
   * @param first the number of the first page in it
   */
  static Spool open(Path file, long first, Sink sink) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    Spool spool = new Spool(channel, first);
    try {
      spool.read(sink);
      channel.truncate(spool.length);
      return spool;
    } catch (IOException | RuntimeException e) {
      try (channel) {
        throw e;
      }
    }
  }

  /** The number of the page that comes next. */
  synchronized long next() {
    return next;
  }

  /** Bytes of all pages in it. */
  synchronized long length() {
    return length;
  }

  /** Begins the bytes of a page. */
  static void begin(ValueBytes page) {
    page.clear();
    page.putLong(0);
    page.putLong(0);
  }

  /**
   * Appends a page that {@link #begin} has begun. It is there as a whole or, if this throws, not at
   * all.
   */
  synchronized void append(ValueBytes page) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(page.array(), 0, page.length());
    bytes.putInt(0, page.length() - HEADER).putLong(2 * Integer.BYTES, next);
    bytes.putInt(Integer.BYTES, checksum(page.array(), page.length()));
    long position = length;
    while (bytes.hasRemaining()) {
      // In pieces, since as much memory as is written at once stays with the thread.
      int end = Math.min(page.length(), bytes.position() + CHUNK);
      position += channel.write(bytes.limit(end), position);
      bytes.limit(page.length());
    }
    // Only now: what a failure has left half-written is overwritten, or cut off at the next start.
    length = position;
    next++;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void read(Sink sink) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    while (fill(header.clear(), length)) {
      int bytes = header.getInt(0);
      if (bytes < 0 || bytes > channel.size() - length - HEADER) {
        return;
      }
      ByteBuffer page = ByteBuffer.allocate(HEADER + bytes);
      if (!fill(page, length)
          || page.getLong(2 * Integer.BYTES) != next
          || page.getInt(Integer.BYTES) != checksum(page.array(), page.capacity())) {
        return;
      }
      sink.page(next, SpooledPage.read(page.position(HEADER)));
      length += page.capacity();
      next++;
    }
  }

  private boolean fill(ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      int read = channel.read(bytes, at);
      if (read < 0) {
        return false;
      }
      at += read;
    }
    return true;
  }

  /** Of everything behind the checksum. */
  private static int checksum(byte[] page, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(page, 2 * Integer.BYTES, length - 2 * Integer.BYTES);
    return (int) checksum.getValue();
  }
}

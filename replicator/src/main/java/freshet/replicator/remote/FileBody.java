package freshet.replicator.remote;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.LongConsumer;

/** A file from a place on, every call of which has a deadline. Used by one thread. */
final class FileBody extends InputStream {
  private static final int BUFFER_BYTES = 1 << 20;

  private final FileReads reads;
  private final InputStream file;
  private final String what;
  private final LongConsumer counter;
  private byte[] buffer = new byte[0];
  private int at;

  FileBody(FileReads reads, InputStream file, String what, LongConsumer counter) {
    this.reads = reads;
    this.file = file;
    this.what = what;
    this.counter = counter;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (at == buffer.length) {
      // Into an array of its own: a read that was given up may still write into it.
      buffer = reads.call(what, this::next);
      at = 0;
      counter.accept(buffer.length);
    }
    if (buffer.length == 0) {
      return -1;
    }
    int n = Math.min(length, buffer.length - at);
    System.arraycopy(buffer, at, into, offset, n);
    at += n;
    return n;
  }

  @Override
  public void close() {
    reads.attempt(
        () -> {
          file.close();
          return true;
        });
  }

  private byte[] next() throws IOException {
    byte[] some = new byte[BUFFER_BYTES];
    int n = file.read(some);
    return n <= 0 ? new byte[0] : Arrays.copyOf(some, n);
  }
}

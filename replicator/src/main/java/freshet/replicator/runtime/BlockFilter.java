package freshet.replicator.runtime;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A stream over another one that is read by the block: a single byte is a block of one, so that
 * what a subclass does to blocks holds for every read.
 */
public abstract class BlockFilter extends FilterInputStream {
  /** Over this stream, which is closed with it. */
  protected BlockFilter(InputStream in) {
    super(in);
  }

  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public abstract int read(byte[] buffer, int offset, int length) throws IOException;
}

package freshet.indexer.merge;

import java.io.IOException;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.store.FilterIndexOutput;
import org.apache.lucene.store.IndexOutput;

/**
 * A file that a merge writes. Lucene's own RateLimitedIndexOutput does not count what is written
 * last to each file, which is all of a small one.
 */
final class PacedOutput extends FilterIndexOutput {
  private final MergePolicy.OneMerge merge;
  private final MergeTurn turn;
  private long uncounted;
  private long step;

  PacedOutput(IndexOutput out, MergePolicy.OneMerge merge, MergeTurn turn) {
    super("paced " + out, out.getName(), out);
    this.merge = merge;
    this.turn = turn;
    this.step = turn.step();
  }

  @Override
  public void writeByte(byte b) throws IOException {
    wrote(Byte.BYTES);
    out.writeByte(b);
  }

  @Override
  public void writeBytes(byte[] b, int offset, int length) throws IOException {
    wrote(length);
    out.writeBytes(b, offset, length);
  }

  @Override
  public void writeShort(short i) throws IOException {
    wrote(Short.BYTES);
    out.writeShort(i);
  }

  @Override
  public void writeInt(int i) throws IOException {
    wrote(Integer.BYTES);
    out.writeInt(i);
  }

  @Override
  public void writeLong(long i) throws IOException {
    wrote(Long.BYTES);
    out.writeLong(i);
  }

  @Override
  public void close() throws IOException {
    try {
      pay();
    } finally {
      out.close();
    }
  }

  private void wrote(int bytes) throws IOException {
    uncounted += bytes;
    if (uncounted >= step) {
      pay();
      step = turn.step();
    }
  }

  private void pay() throws IOException {
    long bytes = uncounted;
    uncounted = 0;
    turn.wrote(merge, bytes);
  }
}

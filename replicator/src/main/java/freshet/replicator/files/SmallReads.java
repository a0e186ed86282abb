package freshet.replicator.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import org.apache.lucene.store.ByteBuffersDataInput;
import org.apache.lucene.store.ByteBuffersIndexInput;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;

/**
 * A folder of Lucene's whose small files are read whole instead of being mapped: for indexes of
 * which new segments of a few documents are opened all the time. Unmapping a file interrupts every
 * processor, and closing it waits for every thread, which costs more than reading a few pages.
 */
public final class SmallReads extends FilterDirectory {
  /** What a segment of a dozen documents takes; a larger file is mapped. */
  private static final int MOST_BYTES = 64 << 10;

  private final FSDirectory folder;

  private SmallReads(FSDirectory folder) {
    super(folder);
    this.folder = folder;
  }

  /** Reads so from this folder; closing the result closes it. */
  public static Directory of(FSDirectory folder) {
    return new SmallReads(folder);
  }

  @Override
  public IndexInput openInput(String name, IOContext context) throws IOException {
    if (fileLength(name) > MOST_BYTES) {
      return super.openInput(name, context);
    }
    ensureOpen();
    byte[] bytes = Files.readAllBytes(folder.getDirectory().resolve(name));
    return new ByteBuffersIndexInput(
        new ByteBuffersDataInput(List.of(ByteBuffer.wrap(bytes))), name);
  }
}

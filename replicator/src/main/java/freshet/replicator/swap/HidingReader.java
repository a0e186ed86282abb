package freshet.replicator.swap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.FilterLeafReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiReader;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/** A segment without some of its documents. */
final class HidingReader extends FilterLeafReader {
  private final FixedBitSet live;
  private final int documents;

  private HidingReader(LeafReader in, FixedBitSet live) {
    super(in);
    this.live = live;
    this.documents = live.cardinality();
  }

  /** An index without the documents of these ids. The caller closes it. */
  static IndexReader without(Set<BytesRef> ids, IndexReader index) throws IOException {
    List<LeafReader> segments = new ArrayList<>();
    for (LeafReaderContext leaf : index.leaves()) {
      FixedBitSet without = without(ids, leaf.reader());
      segments.add(without == null ? leaf.reader() : new HidingReader(leaf.reader(), without));
    }
    return new MultiReader(segments.toArray(IndexReader[]::new), false);
  }

  /** What is left of a segment; null if all of it is. */
  private static @Nullable FixedBitSet without(Set<BytesRef> ids, LeafReader segment)
      throws IOException {
    FixedBitSet left = null;
    for (BytesRef id : Ids.among(segment, ids)) {
      int doc = Ids.live(segment, id);
      if (doc >= 0) {
        left = left == null ? copy(segment) : left;
        left.clear(doc);
      }
    }
    return left;
  }

  private static FixedBitSet copy(LeafReader segment) {
    FixedBitSet copy = new FixedBitSet(segment.maxDoc());
    Bits live = segment.getLiveDocs();
    if (live == null) {
      copy.set(0, segment.maxDoc());
    } else {
      for (int doc = 0; doc < segment.maxDoc(); doc++) {
        if (live.get(doc)) {
          copy.set(doc);
        }
      }
    }
    return copy;
  }

  @Override
  public Bits getLiveDocs() {
    return live;
  }

  @Override
  public int numDocs() {
    return documents;
  }

  @Override
  public CacheHelper getCoreCacheHelper() {
    return in.getCoreCacheHelper();
  }

  @Override
  public @Nullable CacheHelper getReaderCacheHelper() {
    // What is cached of the documents that are alive would be another reader's.
    return null;
  }

  /** The segment is somebody else's to close. */
  @Override
  protected void doClose() {}
}

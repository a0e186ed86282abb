package freshet.replicator.swap;

import freshet.replicator.schema.DocumentFields;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** Looks up documents by the dictionaries of their ids. */
final class Ids {
  private Ids() {}

  /** Of these ids, those that a segment has, of live documents or of deleted ones. */
  static Set<BytesRef> among(LeafReader segment, Set<BytesRef> ids) throws IOException {
    Set<BytesRef> found = new HashSet<>();
    Terms terms = ids.isEmpty() ? null : segment.terms(DocumentFields.ID);
    if (terms == null) {
      return found;
    }
    TermsEnum each = terms.iterator();
    if (ids.size() < segment.maxDoc()) {
      for (BytesRef id : ids) {
        if (each.seekExact(id)) {
          found.add(id);
        }
      }
    } else {
      for (BytesRef id = each.next(); id != null; id = each.next()) {
        if (ids.contains(id)) {
          found.add(BytesRef.deepCopyOf(id));
        }
      }
    }
    return found;
  }

  /** The live document of an id in a segment; -1 if it has none. */
  static int live(LeafReader segment, BytesRef id) throws IOException {
    Terms terms = segment.terms(DocumentFields.ID);
    if (terms == null) {
      return -1;
    }
    TermsEnum each = terms.iterator();
    return each.seekExact(id) ? live(each, segment.getLiveDocs()) : -1;
  }

  /** Ids of live documents of an index that none of these segments has alive. */
  static Set<BytesRef> missing(IndexReader index, List<LeafReaderContext> elsewhere)
      throws IOException {
    Set<BytesRef> missing = new HashSet<>();
    for (LeafReaderContext leaf : index.leaves()) {
      LeafReader twin = twin(leaf.reader(), elsewhere);
      boolean hasSameDocuments = twin != null && twin.numDocs() == leaf.reader().numDocs();
      if (!hasSameDocuments) {
        addMissing(missing, leaf.reader(), twin, elsewhere);
      }
    }
    return missing;
  }

  private static void addMissing(
      Set<BytesRef> missing,
      LeafReader segment,
      @Nullable LeafReader twin,
      List<LeafReaderContext> elsewhere)
      throws IOException {
    Terms terms = segment.terms(DocumentFields.ID);
    if (terms == null) {
      return;
    }
    Bits live = segment.getLiveDocs();
    Bits still = twin == null ? null : twin.getLiveDocs();
    TermsEnum each = terms.iterator();
    for (BytesRef id = each.next(); id != null; id = each.next()) {
      int doc = live(each, live);
      boolean isStillThere = twin != null && doc >= 0 && (still == null || still.get(doc));
      if (doc >= 0 && !isStillThere && !isLiveIn(elsewhere, id)) {
        missing.add(BytesRef.deepCopyOf(id));
      }
    }
  }

  private static boolean isLiveIn(List<LeafReaderContext> segments, BytesRef id)
      throws IOException {
    for (LeafReaderContext segment : segments) {
      if (live(segment.reader(), id) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** The same segment, perhaps with other documents deleted; null if it is not among these. */
  private static @Nullable LeafReader twin(LeafReader segment, List<LeafReaderContext> others) {
    Object core = Departures.keyOf(segment);
    for (LeafReaderContext other : others) {
      if (Departures.keyOf(other.reader()).equals(core)) {
        return other.reader();
      }
    }
    return null;
  }

  private static int live(TermsEnum at, @Nullable Bits live) throws IOException {
    PostingsEnum postings = at.postings(null, PostingsEnum.NONE);
    for (int doc = postings.nextDoc();
        doc != DocIdSetIterator.NO_MORE_DOCS;
        doc = postings.nextDoc()) {
      if (live == null || live.get(doc)) {
        return doc;
      }
    }
    return -1;
  }
}

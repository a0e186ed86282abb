package freshet.indexer.route;

import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiBits;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * Finds documents by their keys, live ones only: many at once, in the order of their terms and then
 * of their documents, as the index lies on disk; or one key after the other.
 */
public final class KeyLookup {
  private record Match(int doc, DocumentKey key) {}

  /** Takes what is found in one segment, in the order of its documents. */
  public interface Found {
    void accept(int doc, DocumentKey key) throws IOException;
  }

  /** Opens what is to be read of the documents of a segment. */
  public interface Visitor {
    Found segment(LeafReader segment) throws IOException;
  }

  private KeyLookup() {}

  /** Tells each live document that has one of the keys. */
  public static void find(IndexReader reader, Collection<DocumentKey> keys, Visitor visitor)
      throws IOException {
    List<DocumentKey> sorted = new ArrayList<>(keys);
    Collections.sort(sorted);
    for (LeafReaderContext leaf : reader.leaves()) {
      List<Match> matches = matches(leaf.reader(), sorted);
      if (!matches.isEmpty()) {
        matches.sort(Comparator.comparingInt(Match::doc));
        Found found = visitor.segment(leaf.reader());
        for (Match match : matches) {
          found.accept(match.doc, match.key);
        }
      }
    }
  }

  private static List<Match> matches(LeafReader segment, List<DocumentKey> sorted)
      throws IOException {
    List<Match> matches = new ArrayList<>();
    Terms terms = segment.terms(DocumentFields.ID);
    if (terms == null) {
      return matches;
    }
    Bits live = segment.getLiveDocs();
    TermsEnum at = terms.iterator();
    PostingsEnum postings = null;
    for (DocumentKey key : sorted) {
      if (at.seekExact(new BytesRef(key.bytes()))) {
        postings = at.postings(postings, PostingsEnum.NONE);
        for (int doc = postings.nextDoc();
            doc != DocIdSetIterator.NO_MORE_DOCS;
            doc = postings.nextDoc()) {
          if (live == null || live.get(doc)) {
            matches.add(new Match(doc, key));
          }
        }
      }
    }
    return matches;
  }

  /** The first keys of live documents after a key, which need not exist, in their order. */
  public static List<DocumentKey> after(IndexReader reader, DocumentKey after, int limit)
      throws IOException {
    List<DocumentKey> keys = new ArrayList<>();
    Terms terms = MultiTerms.getTerms(reader, DocumentFields.ID);
    if (terms == null) {
      return keys;
    }
    Bits live = MultiBits.getLiveDocs(reader);
    BytesRef start = new BytesRef(after.bytes());
    TermsEnum at = terms.iterator();
    TermsEnum.SeekStatus found = at.seekCeil(start);
    BytesRef term = found == TermsEnum.SeekStatus.END ? null : at.term();
    if (found == TermsEnum.SeekStatus.FOUND) {
      term = at.next();
    }
    PostingsEnum postings = null;
    while (term != null && keys.size() < limit) {
      postings = at.postings(postings, PostingsEnum.NONE);
      if (hasLive(postings, live)) {
        keys.add(new DocumentKey(BytesRef.deepCopyOf(term).bytes));
      }
      term = at.next();
    }
    return keys;
  }

  private static boolean hasLive(PostingsEnum postings, @Nullable Bits live) throws IOException {
    for (int doc = postings.nextDoc();
        doc != DocIdSetIterator.NO_MORE_DOCS;
        doc = postings.nextDoc()) {
      if (live == null || live.get(doc)) {
        return true;
      }
    }
    return false;
  }
}

package freshet.indexer.route;

import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;

/** Looks many keys up at once, in the order of their terms and then of their documents. */
final class RouteLookup {
  private record Match(int doc, DocumentKey key) {}

  private RouteLookup() {}

  static void find(
      IndexReader reader,
      String field,
      Collection<DocumentKey> keys,
      BiConsumer<DocumentKey, City> found)
      throws IOException {
    List<DocumentKey> sorted = new ArrayList<>(keys);
    Collections.sort(sorted);
    for (LeafReaderContext leaf : reader.leaves()) {
      List<Match> matches = matches(leaf, sorted);
      matches.sort(Comparator.comparingInt(Match::doc));
      SortedDocValues cities = DocValues.getSorted(leaf.reader(), field);
      Map<Integer, City> byOrd = new HashMap<>();
      for (Match match : matches) {
        if (!cities.advanceExact(match.doc)) {
          throw new IOException("routing table: a pair has no city");
        }
        int ord = cities.ordValue();
        City city = byOrd.get(ord);
        if (city == null) {
          city = new City(cities.lookupOrd(ord).utf8ToString());
          byOrd.put(ord, city);
        }
        found.accept(match.key, city);
      }
    }
  }

  private static List<Match> matches(LeafReaderContext leaf, List<DocumentKey> sorted)
      throws IOException {
    List<Match> matches = new ArrayList<>();
    Terms terms = leaf.reader().terms(DocumentFields.ID);
    if (terms == null) {
      return matches;
    }
    Bits live = leaf.reader().getLiveDocs();
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
}

package freshet.indexer.build;

import freshet.indexer.route.KeySource;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.City;
import java.io.IOException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;

/** Tells the keys of all live documents of an index, without reading the documents. */
final class LiveKeys {
  private LiveKeys() {}

  static void tell(City city, DirectoryReader reader, KeySource.Sink sink) throws IOException {
    for (LeafReaderContext leaf : reader.leaves()) {
      tell(city, leaf, sink);
    }
  }

  private static void tell(City city, LeafReaderContext leaf, KeySource.Sink sink)
      throws IOException {
    Terms terms = leaf.reader().terms(DocumentFields.ID);
    if (terms == null) {
      return;
    }
    Bits live = leaf.reader().getLiveDocs();
    TermsEnum at = terms.iterator();
    PostingsEnum postings = null;
    while (at.next() != null) {
      postings = at.postings(postings, PostingsEnum.NONE);
      for (int doc = postings.nextDoc();
          doc != DocIdSetIterator.NO_MORE_DOCS;
          doc = postings.nextDoc()) {
        if (live == null || live.get(doc)) {
          sink.accept(city, at.term());
        }
      }
    }
  }
}

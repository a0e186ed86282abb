package freshet.replicator.search;

import freshet.replicator.schema.DocumentFields;
import freshet.replicator.search.SearchException.BadRequest;
import freshet.replicator.search.SearchResult.Hit;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.swap.LiveSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.MultiBits;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** Walks a city along the dictionary of its keys. */
final class DocumentWalk {
  private DocumentWalk() {}

  static DocumentPage page(
      LiveSnapshot snapshot, City city, IndexReader reader, @Nullable String after, int size)
      throws BadRequest, IOException {
    Terms keys = MultiTerms.getTerms(reader, DocumentFields.ID);
    if (keys == null) {
      return new DocumentPage(snapshot.generation(), List.of(), null);
    }
    HitReader hits = new HitReader(snapshot, new IndexSearcher(reader));
    Bits live = MultiBits.getLiveDocs(reader);
    TermsEnum terms = keys.iterator();
    List<Hit> page = new ArrayList<>();
    PostingsEnum postings = null;
    for (BytesRef key = first(terms, snapshot.fields().schema(), after);
        key != null;
        key = terms.next()) {
      postings = terms.postings(postings, PostingsEnum.NONE);
      for (int doc = postings.nextDoc();
          doc != DocIdSetIterator.NO_MORE_DOCS;
          doc = postings.nextDoc()) {
        if (live != null && !live.get(doc)) {
          continue;
        }
        if (page.size() == size) {
          return new DocumentPage(
              snapshot.generation(), page, page.isEmpty() ? after : page.getLast().id());
        }
        page.add(hits.read(city, doc, null, Map.of()));
      }
    }
    return new DocumentPage(snapshot.generation(), page, null);
  }

  private static @Nullable BytesRef first(
      TermsEnum terms, IndexSchema schema, @Nullable String after) throws BadRequest, IOException {
    if (after == null) {
      return terms.next();
    }
    BytesRef begin;
    try {
      begin = new BytesRef(schema.keyCodec().parse(after).bytes());
    } catch (IllegalArgumentException e) {
      throw new BadRequest("after", after, "the next of an earlier page");
    }
    return switch (terms.seekCeil(begin)) {
      case END -> null;
      case FOUND -> terms.next();
      case NOT_FOUND -> terms.term();
    };
  }
}

package freshet.replicator.search;

import freshet.replicator.schema.DocumentFields;
import freshet.replicator.search.SearchException.BadRequest;
import freshet.replicator.search.SearchResult.Hit;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.swap.LiveSnapshot;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.uhighlight.DefaultPassageFormatter;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.jspecify.annotations.Nullable;

/** Reads what is shown of a document. */
final class HitReader {
  private static final int PASSAGES = 3;

  private final LiveSnapshot snapshot;
  private final IndexSearcher searcher;
  private final StoredFields stored;

  HitReader(LiveSnapshot snapshot, IndexSearcher searcher) throws IOException {
    this.snapshot = snapshot;
    this.searcher = searcher;
    this.stored = searcher.storedFields();
  }

  Hit read(City city, int doc, @Nullable Float score, Map<String, String> highlights)
      throws IOException {
    DocumentFields fields = snapshot.fields();
    return new Hit(
        city,
        fields.schema().keyCodec().show(DocumentFields.storedKey(stored, doc)),
        version(doc),
        score,
        fields.stored(stored, doc),
        highlights);
  }

  /**
   * The passages of each document where the query matches, by field.
   *
   * @return one map for each document, in their order
   */
  List<Map<String, String>> highlights(List<String> names, Query query, int[] docs)
      throws BadRequest, IOException {
    for (String name : names) {
      checkHighlighted(name);
    }
    List<Map<String, String>> byDocument =
        Arrays.stream(docs).<Map<String, String>>mapToObj(doc -> new LinkedHashMap<>()).toList();
    if (names.isEmpty() || docs.length == 0) {
      return byDocument;
    }
    UnifiedHighlighter highlighter =
        UnifiedHighlighter.builder(searcher, snapshot.analyzer())
            .withMaxNoHighlightPassages(0)
            .withFormatter(new DefaultPassageFormatter("<em>", "</em>", "… ", true))
            .build();
    String[] fields = names.stream().distinct().toArray(String[]::new);
    int[] passages = new int[fields.length];
    Arrays.fill(passages, PASSAGES);
    Map<String, @Nullable String[]> found =
        highlighter.highlightFields(fields, query, docs, passages);
    for (String field : fields) {
      @Nullable String[] snippets = found.get(field);
      for (int i = 0; snippets != null && i < docs.length; i++) {
        String snippet = snippets[i];
        if (snippet != null && !snippet.isEmpty()) {
          byDocument.get(i).put(field, snippet);
        }
      }
    }
    return byDocument;
  }

  private void checkHighlighted(String name) throws BadRequest {
    List<FieldSpec> able =
        snapshot.fields().schema().fields().stream()
            .filter(field -> field.type() == FieldType.TEXT && field.stored())
            .toList();
    if (able.stream().noneMatch(field -> field.name().equals(name))) {
      throw new BadRequest(
          "highlight",
          name,
          "stored text fields: " + String.join(", ", able.stream().map(FieldSpec::name).toList()));
    }
  }

  private Instant version(int doc) throws IOException {
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(doc, leaves));
    NumericDocValues versions = leaf.reader().getNumericDocValues(DocumentFields.VERSION);
    if (versions == null || !versions.advanceExact(doc - leaf.docBase)) {
      throw new IOException("document " + doc + " has no " + DocumentFields.VERSION);
    }
    return Instant.EPOCH.plus(versions.longValue(), ChronoUnit.MICROS);
  }
}

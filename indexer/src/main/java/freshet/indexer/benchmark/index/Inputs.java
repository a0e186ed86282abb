package freshet.indexer.benchmark.index;

import freshet.indexer.benchmark.build.Corpus;
import freshet.indexer.benchmark.build.ListingDocuments;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.schema.ValueBytes;
import freshet.replicator.snapshot.City;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is indexed.
 *
 * @param documents in the order of their keys, cities mixed
 * @param threads that index them
 */
record Inputs(List<SourceDocument> documents, int threads) {
  private static final long FIRST_VERSION = 1_700_000_000_000_000L;

  /** Copies the list. */
  Inputs {
    documents = List.copyOf(documents);
  }

  static Inputs of(Corpus corpus, int count, int threads) {
    Map<String, City> cities = new HashMap<>();
    List<SourceDocument> documents = new ArrayList<>(count);
    for (long id = 0; id < count; id++) {
      Corpus.Document made = corpus.next();
      documents.add(
          ListingDocuments.of(
              id,
              FIRST_VERSION + id,
              cities.computeIfAbsent(made.city(), City::new),
              made.listing()));
    }
    return new Inputs(documents, threads);
  }

  Map<City, List<SourceDocument>> byCity() {
    Map<City, List<SourceDocument>> byCity = new HashMap<>();
    documents.forEach(
        one -> byCity.computeIfAbsent(one.city(), city -> new ArrayList<>()).add(one));
    return byCity;
  }

  /** Of a document's values, on average. */
  long documentBytes() {
    ValueBytes bytes = new ValueBytes(1 << 16);
    long sum = 0;
    for (SourceDocument one : documents) {
      bytes.clear();
      bytes.putValues(one.values());
      sum += bytes.length();
    }
    return sum / documents.size();
  }
}

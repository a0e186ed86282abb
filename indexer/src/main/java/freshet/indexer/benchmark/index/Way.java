package freshet.indexer.benchmark.index;

import freshet.indexer.benchmark.build.ListingDocuments;
import freshet.indexer.build.BuildException;
import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.build.CityOutcome;
import freshet.indexer.bulk.BulkLoad;
import freshet.indexer.bulk.BulkOptions;
import freshet.indexer.route.CityBatch;
import freshet.indexer.source.Change;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.schema.DocumentMaker;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.store.FSDirectory;

/** A way from documents in memory to durable indexes. */
enum Way {
  /** Lucene without anything: each city at one go by a writer that only flushes and commits. */
  RAW {
    @Override
    void index(Inputs inputs, Path folder) throws Exception {
      List<List<SourceDocument>> cities = new ArrayList<>(inputs.byCity().values());
      cities.sort(Comparator.<List<SourceDocument>>comparingInt(List::size).reversed());
      Queue<List<SourceDocument>> largestFirst = new ConcurrentLinkedQueue<>(cities);
      try (Analyzer analyzer = new DocumentFields(ListingDocuments.SCHEMA).analyzer()) {
        Side.bySide(inputs.threads(), thread -> raw(largestFirst, analyzer, folder));
      }
    }
  },
  /** As a rebuild does. */
  BULK {
    @Override
    void index(Inputs inputs, Path folder) throws Exception {
      BulkOptions options =
          BulkOptions.of(BuildOptions.of(inputs.threads()), Runtime.getRuntime().maxMemory());
      try (BulkLoad load =
          BulkLoad.open(folder, options, ListingDocuments.SCHEMA, new Random(1), Way::refused)) {
        int all = inputs.documents().size();
        Side.bySide(
            inputs.threads(),
            thread -> {
              int end = (int) ((long) all * (thread + 1) / inputs.threads());
              int at = (int) ((long) all * thread / inputs.threads());
              while (at < end) {
                List<SourceDocument> page =
                    inputs.documents().subList(at, Math.min(end, at + PAGE));
                load.add(thread, page, page.getLast().key());
                at += page.size();
              }
            });
        load.finish(SourcePosition.START);
      }
    }
  },
  /** As cycles do, which compare and commit each batch. */
  BATCHES {
    @Override
    void index(Inputs inputs, Path folder) throws BuildException {
      try (CityIndexes indexes =
          CityIndexes.open(
              folder,
              BuildOptions.of(inputs.threads()),
              ListingDocuments.SCHEMA,
              new Random(1),
              new SystemTime())) {
        int all = inputs.documents().size();
        for (int at = 0; at < all; at += BATCH) {
          apply(indexes, inputs.documents().subList(at, Math.min(all, at + BATCH)));
        }
      }
    }
  };

  private static final int PAGE = 2_000;
  private static final int BATCH = 20_000;
  private static final int RAW_BUFFER_MEGABYTES = 256;

  /** Indexes everything into an empty folder, durably. */
  abstract void index(Inputs inputs, Path folder) throws Exception;

  private static void raw(Queue<List<SourceDocument>> cities, Analyzer analyzer, Path folder)
      throws IOException {
    DocumentMaker maker = new DocumentMaker(ListingDocuments.SCHEMA);
    for (List<SourceDocument> city = cities.poll(); city != null; city = cities.poll()) {
      IndexWriterConfig config =
          new IndexWriterConfig(analyzer)
              .setMergePolicy(NoMergePolicy.INSTANCE)
              .setRAMBufferSizeMB(RAW_BUFFER_MEGABYTES);
      try (FSDirectory directory =
              FSDirectory.open(folder.resolve(city.getFirst().city().folder()));
          IndexWriter writer = new IndexWriter(directory, config)) {
        for (SourceDocument document : city) {
          writer.addDocument(
              maker.of(document.key(), document.version(), document.digest(), document.values()));
        }
        writer.commit();
      }
    }
  }

  private static void apply(CityIndexes indexes, List<SourceDocument> documents) {
    Map<City, List<Change.Upsert>> byCity = new HashMap<>();
    for (SourceDocument one : documents) {
      byCity
          .computeIfAbsent(one.city(), city -> new ArrayList<>())
          .add(new Change.Upsert(one, Change.Origin.CURSOR));
    }
    Map<City, CityBatch> batches = new HashMap<>();
    byCity.forEach((city, upserts) -> batches.put(city, new CityBatch(city, upserts, List.of())));
    for (CityOutcome outcome : indexes.apply(batches, city -> SourcePosition.START).values()) {
      if (outcome instanceof CityOutcome.Committed committed) {
        indexes.release(committed.commit());
      }
    }
  }

  private static void refused(Object document) {
    throw new IllegalStateException("Lucene refuses a document: " + document);
  }
}

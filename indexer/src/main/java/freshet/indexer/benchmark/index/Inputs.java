package freshet.indexer.benchmark.index;

import freshet.indexer.benchmark.build.Corpus;
import freshet.indexer.demo.data.Listing;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.schema.GeoPoint;
import freshet.replicator.schema.ValueBytes;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.FormatVersion;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is indexed.
 *
 * @param documents in the order of their keys, cities mixed
 * @param threads that index them
 */
record Inputs(List<SourceDocument> documents, int threads) {
  /** The fields of the listings, with all values stored. */
  static final IndexSchema SCHEMA =
      new IndexSchema(
          FormatVersion.CURRENT,
          List.of(KeyType.BIGINT),
          List.of(
              new FieldSpec("title", FieldType.TEXT, "standard", false, true, false),
              new FieldSpec("body", FieldType.TEXT, "standard", false, true, false),
              new FieldSpec("neighborhood", FieldType.KEYWORD, null, false, true, false),
              new FieldSpec("price", FieldType.LONG, null, false, true, true),
              new FieldSpec("bedrooms", FieldType.LONG, null, false, true, true),
              new FieldSpec("bathrooms", FieldType.DOUBLE, null, false, true, true),
              new FieldSpec("posted", FieldType.DATE, null, false, true, true),
              new FieldSpec("position", FieldType.GEO_POINT, null, false, true, false)),
          List.of("title", "body"));

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
          SourceDocument.of(
              key(id),
              FIRST_VERSION + id,
              cities.computeIfAbsent(made.city(), City::new),
              values(made.listing())));
    }
    return new Inputs(documents, threads);
  }

  static DocumentKey key(long id) {
    return SCHEMA.keyCodec().encode(List.of(id));
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

  private static List<@Nullable Object> values(Listing listing) {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(listing.title());
    values.add(listing.body());
    values.add(listing.neighborhood());
    values.add(listing.price());
    values.add(listing.bedrooms());
    values.add(listing.bathrooms());
    values.add(listing.posted() == null ? null : listing.posted().toInstant(ZoneOffset.UTC));
    values.add(
        listing.latitude() == null || listing.longitude() == null
            ? null
            : new GeoPoint(listing.latitude(), listing.longitude()));
    return values;
  }
}

package freshet.indexer.benchmark.build;

import freshet.indexer.demo.data.Listing;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.schema.GeoPoint;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.FormatVersion;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Documents of a corpus in memory, without a database. */
public final class ListingDocuments {
  /** The fields of the listings, with all values stored. */
  public static final IndexSchema SCHEMA =
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

  private ListingDocuments() {}

  /** The key of the document of this number. */
  public static DocumentKey key(long id) {
    return SCHEMA.keyCodec().encode(List.of(id));
  }

  /** A document of this number and version. */
  public static SourceDocument of(long id, long version, City city, Listing listing) {
    return SourceDocument.of(key(id), version, city, values(listing));
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

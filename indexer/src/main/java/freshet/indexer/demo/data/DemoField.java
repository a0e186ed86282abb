package freshet.indexer.demo.data;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One field of the demo's index: how it is declared, and what it must hold for a listing.
 *
 * @param name in the index
 * @param form what it holds
 * @param columns that it comes from
 * @param value what it must hold, as {@link Form} says; null for nothing
 */
public record DemoField(
    String name, Form form, List<String> columns, Function<Listing, @Nullable Object> value) {

  /** What a field holds, and how it is written so that equal values give equal texts. */
  public enum Form {
    /** Analyzed text. */
    TEXT,
    /** One term. */
    KEYWORD,
    /** An integer; a Long. */
    LONG,
    /** A Double. */
    DOUBLE,
    /** A point in time; its ISO form in UTC. */
    DATE,
    /** A point on the earth; latitude and longitude with a comma between them. */
    POINT
  }

  /** The id as a field of its own: by it, hits are walked through in the order of the table. */
  public static final String ID = "listing_id";

  /** All fields, in the order of the declaration. */
  public static final List<DemoField> ALL =
      List.of(
          of(ID, Form.LONG, "id", Listing::id),
          of("title", Form.TEXT, "title", Listing::title),
          of("body", Form.TEXT, "body", Listing::body),
          of("price", Form.LONG, "price", Listing::price),
          of("neighborhood", Form.TEXT, "neighborhood", Listing::neighborhood),
          new DemoField(
              "position", Form.POINT, List.of("latitude", "longitude"), DemoField::position),
          of("bedrooms", Form.LONG, "bedrooms", Listing::bedrooms),
          of("bathrooms", Form.DOUBLE, "bathrooms", Listing::bathrooms),
          of("sqft", Form.LONG, "sqft", Listing::sqft),
          of("housing_type", Form.KEYWORD, "housing_type", Listing::housingType),
          of("posted", Form.DATE, "posted", DemoField::posted),
          of("url", Form.KEYWORD, "url", Listing::url));

  /** Copies the list. */
  public DemoField {
    columns = List.copyOf(columns);
  }

  private static DemoField of(
      String name, Form form, String column, Function<Listing, @Nullable Object> value) {
    return new DemoField(name, form, List.of(column), value);
  }

  private static @Nullable Object position(Listing listing) {
    Double latitude = listing.latitude();
    Double longitude = listing.longitude();
    return latitude == null || longitude == null ? null : latitude + "," + longitude;
  }

  /** The session's zone is UTC, so the index takes a DATETIME for one in UTC. */
  private static @Nullable Object posted(Listing listing) {
    LocalDateTime posted = listing.posted();
    return posted == null ? null : posted.toInstant(ZoneOffset.UTC);
  }

  /**
   * What the index must hold for a listing, as text by field; fields without a value are absent.
   */
  public static SortedMap<String, String> texts(Listing listing) {
    SortedMap<String, String> texts = new TreeMap<>();
    for (DemoField field : ALL) {
      Object value = field.value().apply(listing);
      if (value != null) {
        texts.put(field.name(), value.toString());
      }
    }
    return texts;
  }
}

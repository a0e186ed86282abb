package freshet.replicator.search;

import freshet.replicator.schema.GeoPoint;
import org.jspecify.annotations.Nullable;

/**
 * A circle that hits must lie in.
 *
 * @param field a point field, null for the schema's first one
 * @param center middle of the circle
 * @param radiusKm its radius in kilometres
 */
public record Near(@Nullable String field, GeoPoint center, double radiusKm) {
  private static final double HALF_OF_THE_EQUATOR_KM = 20_038;

  /** Refuses a radius that is no length. */
  public Near {
    if (!(radiusKm > 0 && radiusKm <= HALF_OF_THE_EQUATOR_KM)) {
      throw new IllegalArgumentException("radius " + radiusKm + " km");
    }
  }

  /** Reads {@code lat,lon,radius_km} or {@code field:lat,lon,radius_km}. */
  static Near parse(String text) throws SearchException.BadRequest {
    int colon = text.indexOf(':');
    String[] parts = text.substring(colon + 1).split(",", -1);
    if (parts.length == 3) {
      try {
        return new Near(
            colon < 0 ? null : text.substring(0, colon),
            new GeoPoint(number(parts[0]), number(parts[1])),
            number(parts[2]));
      } catch (IllegalArgumentException e) {
        // Told below, with what is expected.
      }
    }
    throw new SearchException.BadRequest(
        "near",
        text,
        "latitude,longitude,radius in km, such as 41.08,-81.52,5 (at most %.0f km)"
            .formatted(HALF_OF_THE_EQUATOR_KM));
  }

  private static double number(String text) {
    return Double.parseDouble(text.strip());
  }
}

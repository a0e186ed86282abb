package freshet.replicator.schema;

/**
 * A point on the earth (WGS 84).
 *
 * @param latitude in degrees, -90 to 90
 * @param longitude in degrees, -180 to 180
 */
public record GeoPoint(double latitude, double longitude) {

  /** Checks the ranges. */
  public GeoPoint {
    if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
      throw new IllegalArgumentException(
          "latitude %s, longitude %s: expected -90 to 90 and -180 to 180"
              .formatted(latitude, longitude));
    }
  }

  /** The point whose {@link #toString()} this is. */
  public static GeoPoint parse(String text) {
    int comma = text.indexOf(',');
    if (comma < 0) {
      throw new IllegalArgumentException(
          "a point is written latitude,longitude, not '" + text + "'");
    }
    return new GeoPoint(
        Double.parseDouble(text.substring(0, comma)),
        Double.parseDouble(text.substring(comma + 1)));
  }

  @Override
  public String toString() {
    return latitude + "," + longitude;
  }
}

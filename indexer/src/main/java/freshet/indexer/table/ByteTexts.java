package freshet.indexer.table;

import freshet.indexer.table.FieldColumns.Format;
import freshet.replicator.schema.GeoPoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** What columns of bytes hold that are no text; they come as hexadecimal digits. */
final class ByteTexts {
  private static final int UUID_DIGITS = 32;
  private static final int POINT_BYTES = 25;
  private static final int TYPE_AT = 5;
  private static final int WGS_84 = 4326;
  private static final List<String> SHAPES =
      List.of(
          "GEOMETRY",
          "POINT",
          "LINESTRING",
          "POLYGON",
          "MULTIPOINT",
          "MULTILINESTRING",
          "MULTIPOLYGON",
          "GEOMETRYCOLLECTION");

  private ByteTexts() {}

  /** Bytes as a keyword. */
  static String keyword(String digits, Format format) throws Misfit {
    String hex = digits.toLowerCase(Locale.ROOT);
    if (format != Format.HEX && hex.length() != UUID_DIGITS) {
      throw new Misfit("a UUID has 16 bytes, found " + hex.length() / 2);
    }
    return switch (format) {
      case HEX -> hex;
      case UUID -> dashed(hex);
      // UUID_TO_BIN(uuid, 1) puts the high part of the time first, so that new ones come last.
      case UUID_SWAPPED ->
          dashed(
              hex.substring(8, 16) + hex.substring(4, 8) + hex.substring(0, 4) + hex.substring(16));
      case UTF8, LAT_LON, LON_LAT -> throw new IllegalStateException(format + " is no keyword");
    };
  }

  private static String dashed(String hex) {
    return String.join(
        "-",
        hex.substring(0, 8),
        hex.substring(8, 12),
        hex.substring(12, 16),
        hex.substring(16, 20),
        hex.substring(20));
  }

  /**
   * A POINT as both servers keep it: the SRID in four bytes, then WKB, x before y. Of SRID 4326,
   * MySQL keeps the longitude as x, although its texts begin with the latitude.
   *
   * @param isLatitudeFirst whether x is the latitude
   */
  static GeoPoint point(String digits, boolean isLatitudeFirst) throws Misfit {
    byte[] bytes = HexFormat.of().parseHex(digits);
    if (bytes.length < TYPE_AT + Integer.BYTES) {
      throw new Misfit("a POINT is expected, found %d bytes".formatted(bytes.length));
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int srid = in.getInt();
    in.order(in.get() == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    int type = in.getInt();
    if (type != 1 || bytes.length != POINT_BYTES) {
      throw new Misfit(
          "a POINT is expected, found a "
              + (type >= 0 && type < SHAPES.size() ? SHAPES.get(type) : "shape " + type));
    }
    if (srid != 0 && srid != WGS_84) {
      throw new Misfit(
          "a POINT of SRID 4326 or 0 is expected, in degrees, found SRID %d; let table.query make"
                  .formatted(srid)
              + " one by ST_Transform(point, 4326)");
    }
    double x = in.getDouble();
    double y = in.getDouble();
    return isLatitudeFirst ? new GeoPoint(x, y) : new GeoPoint(y, x);
  }
}

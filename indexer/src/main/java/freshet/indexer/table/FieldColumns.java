package freshet.indexer.table;

import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a field of the index comes from.
 *
 * @param field name of the field
 * @param columns one; latitude and longitude for a point that is no POINT
 * @param list how the column of a multi-valued field holds its values
 * @param zone by whose clock a date of a DATETIME or DATE column was written; null for UTC, and for
 *     all other types
 * @param path into the JSON that the column holds, as {@link JsonPath} reads it; null for all of it
 * @param format how the column's bytes are meant; null where its type says so
 */
public record FieldColumns(
    String field,
    List<String> columns,
    ListFormat list,
    @Nullable ZoneId zone,
    @Nullable String path,
    @Nullable Format format) {

  /** How one column holds several values. */
  public enum ListFormat {
    /** Separated by commas; blanks around them do not count, empty ones are left out. */
    COMMAS,
    /** A JSON array. */
    JSON
  }

  /** How the bytes of a column are meant. */
  public enum Format {
    /** They are UTF-8, whatever character set the column is declared with. */
    UTF8,
    /** Shown as hexadecimal digits. */
    HEX,
    /** 16 bytes in the order of the UUID's text. */
    UUID,
    /** 16 bytes as UUID_TO_BIN(uuid, 1) makes them. */
    UUID_SWAPPED,
    /** A POINT whose x is the longitude, as usual. */
    LON_LAT,
    /** A POINT whose x is the latitude. */
    LAT_LON
  }

  /** Copies the list; one or two columns. */
  public FieldColumns {
    columns = List.copyOf(columns);
    if (columns.isEmpty() || columns.size() > 2) {
      throw new IllegalArgumentException(
          "field %s comes from %s: expected one column, or two for a point"
              .formatted(field, columns));
    }
  }

  /** Without a zone. */
  public FieldColumns(String field, List<String> columns, ListFormat list) {
    this(field, columns, list, null);
  }

  /** Of a column whose type says what it holds. */
  public FieldColumns(String field, List<String> columns, ListFormat list, @Nullable ZoneId zone) {
    this(field, columns, list, zone, null, null);
  }

  /** The clock by which dates were written. */
  WallClock clock() {
    return zone == null ? WallClock.UTC : WallClock.of(zone);
  }

  /** Whether it is read as a point in time, and no text that says one. */
  boolean isPointInTime(FieldSpec spec) {
    return spec.type() == FieldType.DATE && !spec.multiValued() && path == null;
  }

  /** Whether its column is read as bytes that are no text. */
  boolean isOfBytes(FieldSpec spec) {
    return spec.type() == FieldType.GEO_POINT
        ? columns.size() == 1
        : format != null && format != Format.UTF8;
  }

  /** A field with a column of its own. */
  public static FieldColumns of(String field, String column) {
    return new FieldColumns(field, List.of(column), ListFormat.COMMAS);
  }
}

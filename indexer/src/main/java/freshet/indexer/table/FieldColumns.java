package freshet.indexer.table;

import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a field of the index comes from.
 *
 * @param field name of the field
 * @param columns one; latitude and longitude for a point
 * @param list how the column of a multi-valued field holds its values
 * @param zone by whose clock a date of a DATETIME or DATE column was written; null for UTC, and for
 *     all other types
 */
public record FieldColumns(
    String field, List<String> columns, ListFormat list, @Nullable ZoneId zone) {

  /** How one column holds several values. */
  public enum ListFormat {
    /** Separated by commas; blanks around them do not count, empty ones are left out. */
    COMMAS,
    /** A JSON array. */
    JSON
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

  /** The clock by which dates were written. */
  WallClock clock() {
    return zone == null ? WallClock.UTC : WallClock.of(zone);
  }

  /** A field with a column of its own. */
  public static FieldColumns of(String field, String column) {
    return new FieldColumns(field, List.of(column), ListFormat.COMMAS);
  }
}

package freshet.indexer.table;

import freshet.indexer.table.FieldColumns.Format;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which types of columns become which fields. Types that no server of today has are let through:
 * what does not fit is then set aside row by row. Pure.
 */
final class ColumnFit {
  private static final Set<FieldType> TEXTS = EnumSet.of(FieldType.TEXT, FieldType.KEYWORD);

  /** What a column holds, as far as it matters here. */
  private enum Kind {
    NUMBER,
    DATE,
    TIME,
    SHAPE,
    /** Of a fixed length, such as a UUID, which is hardly ever text. */
    FIXED_BYTES,
    /** Text without a character set, or anything else. */
    BYTES,
    TEXT
  }

  private ColumnFit() {}

  /**
   * What to do about a column that can't become its field; empty for one that can.
   *
   * @param type as the server describes a result's column, in lower case
   */
  static Optional<String> fixOf(FieldSpec field, FieldColumns from, String type) {
    Kind kind = kind(type);
    boolean isShape = field.type() == FieldType.GEO_POINT && from.columns().size() == 1;
    if (isShape || kind == Kind.SHAPE) {
      return isShape && kind == Kind.SHAPE ? Optional.empty() : Optional.of(fixOfShape(isShape));
    }
    if (from.isOfBytes(field)) {
      return kind == Kind.BYTES || kind == Kind.FIXED_BYTES
          ? Optional.empty()
          : Optional.of("take format out: it is for columns of bytes, such as BINARY(16)");
    }
    if (from.path() != null) {
      return kind == Kind.TEXT || kind == Kind.BYTES
          ? Optional.empty()
          : Optional.of("take path out: it is for columns that hold JSON");
    }
    return switch (kind) {
      case NUMBER ->
          fixUnless(
              !from.isPointInTime(field),
              "configure type: long; or let table.query make a date of it, such as"
                  + " FROM_UNIXTIME(seconds)");
      case DATE ->
          fixUnless(
              TEXTS.contains(field.type()) || field.type() == FieldType.DATE,
              "configure type: date, by which it is filtered and sorted; or keyword");
      case TIME ->
          fixUnless(
              TEXTS.contains(field.type()) || field.type() == FieldType.LONG,
              "configure type: long, in milliseconds; or keyword; or let table.query make a"
                  + " DATETIME of it");
      case FIXED_BYTES ->
          fixUnless(
              from.format() == Format.UTF8,
              "configure type: keyword with format: uuid, uuid_swapped or hex; or utf8, if it is"
                  + " text");
      case BYTES ->
          fixUnless(
              !from.isPointInTime(field), "let table.query make a DATETIME of it, by CONVERT");
      case TEXT, SHAPE -> Optional.empty();
    };
  }

  private static Optional<String> fixUnless(boolean fits, String fix) {
    return fits ? Optional.empty() : Optional.of(fix);
  }

  private static String fixOfShape(boolean isWanted) {
    return isWanted
        ? "name the two columns of its degrees, latitude and longitude; or let table.query make a"
            + " POINT of it"
        : "configure type: geo_point, if it holds POINTs; or let table.query make a text of it, by"
            + " ST_AsText";
  }

  private static Kind kind(String type) {
    return switch (type.replace(" unsigned", "")) {
      case "tinyint", "smallint", "mediumint", "int", "bigint" -> Kind.NUMBER;
      case "decimal", "float", "double", "year", "bit" -> Kind.NUMBER;
      case "date", "datetime", "timestamp" -> Kind.DATE;
      case "time" -> Kind.TIME;
      case "geometry" -> Kind.SHAPE;
      case "binary", "vector" -> Kind.FIXED_BYTES;
      case "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> Kind.BYTES;
      default -> Kind.TEXT;
    };
  }
}

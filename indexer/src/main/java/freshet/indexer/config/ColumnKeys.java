package freshet.indexer.config;

import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.FieldColumns.Format;
import freshet.indexer.table.FieldColumns.ListFormat;
import freshet.indexer.table.JsonPath;
import freshet.replicator.config.ConfigSection;
import freshet.replicator.snapshot.FieldType;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The keys of a field that say where in the row it comes from, and how that is meant. */
final class ColumnKeys {
  private enum Separation {
    COMMA,
    JSON
  }

  private ColumnKeys() {}

  /** Reads them; to be made once the section is known to be without mistakes. */
  static Supplier<FieldColumns> read(ConfigSection section, String name, FieldType type) {
    Separation several =
        section.has("multi_valued") ? section.choice("multi_valued", Separation.class, null) : null;
    List<String> columns = columns(section, name, type);
    Optional<ZoneId> zone = section.optional("zone", Zones.EXPECTED, Zones::parse);
    if (zone.isPresent() && type != FieldType.DATE) {
      section.problem("zone", "only a date has a zone");
    }
    Optional<String> path = path(section, type, several);
    Format format =
        section.has("format") ? format(section, type, several != null || path.isPresent()) : null;
    return () ->
        new FieldColumns(
            name,
            columns,
            several == Separation.JSON ? ListFormat.JSON : ListFormat.COMMAS,
            zone.orElse(null),
            path.orElse(null),
            format);
  }

  private static List<String> columns(ConfigSection section, String name, FieldType type) {
    Optional<String> column = section.optionalText("column");
    Optional<String> latitude = section.optionalText("latitude");
    Optional<String> longitude = section.optionalText("longitude");
    if (type != FieldType.GEO_POINT) {
      if (latitude.isPresent() || longitude.isPresent()) {
        section.problem("type", "the columns latitude and longitude are for a geo_point");
      }
      return List.of(column.orElse(name));
    }
    if (column.isPresent() && latitude.isEmpty() && longitude.isEmpty()) {
      return List.of(column.get());
    }
    if (column.isPresent() || latitude.isEmpty() || longitude.isEmpty()) {
      section.problem(
          "type", "a geo_point has the columns latitude and longitude, or one column, a POINT");
    }
    return List.of(latitude.orElse(""), longitude.orElse(""));
  }

  private static Optional<String> path(
      ConfigSection section, FieldType type, @Nullable Separation several) {
    Optional<String> text =
        section.optional(
            "path",
            "a path is expected, such as $.color",
            path -> JsonPath.parse(path).isOfSeveral() ? ofSeveral(several, path) : path);
    if (text.isPresent() && (type == FieldType.GEO_POINT || several == Separation.COMMA)) {
      section.problem("path", "neither a geo_point nor a list with commas comes from JSON");
    }
    return text;
  }

  private static String ofSeveral(@Nullable Separation several, String path) {
    if (several == null) {
      throw new IllegalArgumentException(
          "it leads to several values, so multi_valued: json is expected");
    }
    return path;
  }

  /** How the bytes of the column are meant. */
  private static Format format(ConfigSection section, FieldType type, boolean isOfSeveral) {
    Format format = section.choice("format", Format.class, null);
    boolean fits =
        switch (format) {
          case UTF8 -> type == FieldType.TEXT || type == FieldType.KEYWORD;
          case HEX, UUID, UUID_SWAPPED -> type == FieldType.KEYWORD && !isOfSeveral;
          case LAT_LON, LON_LAT -> type == FieldType.GEO_POINT && section.has("column");
        };
    if (!fits) {
      section.problem(
          "format",
          "utf8 is for text and keywords; hex, uuid and uuid_swapped are for keywords of one"
              + " value; lon_lat and lat_lon are for a geo_point whose column is a POINT");
    }
    return format;
  }
}

package freshet.indexer.table;

import freshet.indexer.table.FieldColumns.Format;
import freshet.indexer.table.FieldColumns.ListFormat;
import freshet.replicator.schema.Decimals;
import freshet.replicator.schema.GeoPoint;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a field's value of a row's columns.
 *
 * @param spec the field
 * @param from the columns
 * @param clock by which dates were written
 * @param json takes values out of JSON; null if the column holds none
 */
record FieldReader(FieldSpec spec, FieldColumns from, WallClock clock, @Nullable JsonValues json) {
  private static final long MICROS_OF_DAY = 86_400_000_000L;
  private static final int KEYWORD_BYTES = 32_766;
  private static final Pattern TIME =
      Pattern.compile("(-?)([0-9]{1,3}):([0-5][0-9]):([0-5][0-9])(?:\\.([0-9]{1,6}))?");

  /** A reader of a field. */
  static FieldReader of(FieldSpec spec, FieldColumns from) {
    String path = from.path();
    boolean isJson = path != null || (spec.multiValued() && from.list() == ListFormat.JSON);
    return new FieldReader(
        spec,
        from,
        from.clock(),
        isJson
            ? new JsonValues(path == null ? null : JsonPath.parse(path), spec.multiValued())
            : null);
  }

  /** How many columns it is made of. */
  int columns() {
    return from.columns().size();
  }

  /** The value, of which the first column is this. */
  @Nullable Object read(Columns content, int column) throws SQLException, Misfit {
    try {
      return value(content, column);
    } catch (Misfit | DateTimeException | IllegalArgumentException | ArithmeticException e) {
      throw new Misfit(
          "field %s (%s) can't be read: %s"
              .formatted(spec.name(), spec.type().name().toLowerCase(Locale.ROOT), e.getMessage()));
    }
  }

  private @Nullable Object value(Columns content, int column) throws SQLException, Misfit {
    if (from.isPointInTime(spec)) {
      Long micros = content.number(column);
      return micros == null ? null : shownAt(micros);
    }
    String text = isForgiving() ? content.lenient(column) : content.text(column);
    if (columns() == 2) {
      return point(text, content.text(column + 1));
    }
    if (text == null) {
      return null;
    }
    if (text.isEmpty() && content.isCutOff(column)) {
      throw new Misfit(
          "the server gives nothing of JSON that is larger than its max_allowed_packet; raise that,"
              + " and read the row again with: bin/indexer quarantine retry");
    }
    if (json == null && !spec.multiValued()) {
      return single(text);
    }
    List<Object> values = new ArrayList<>();
    for (String one : texts(text)) {
      values.add(single(one));
    }
    if (values.isEmpty()) {
      return null;
    }
    return spec.multiValued() ? values : values.getFirst();
  }

  /** One wrong byte hides no text from those who search for its other words. */
  private boolean isForgiving() {
    return spec.type() == FieldType.TEXT && from.format() == null;
  }

  /** The single values that a text of several is made of, or one of JSON. */
  private List<String> texts(String text) throws Misfit {
    if (json != null) {
      return json.read(text);
    }
    return Stream.of(text.split(",", -1)).map(String::strip).filter(one -> !one.isEmpty()).toList();
  }

  private Object single(String text) throws Misfit {
    return switch (spec.type()) {
      case TEXT -> text;
      case KEYWORD -> keyword(from.isOfBytes(spec) ? ofBytes(text) : text);
      case LONG -> integer(text);
      case DOUBLE -> Double.valueOf(text);
      case DECIMAL -> Decimals.parse(text);
      case BOOLEAN -> bool(text);
      case DATE -> date(text);
      case GEO_POINT -> ByteTexts.point(text, from.format() == Format.LAT_LON);
    };
  }

  private String ofBytes(String digits) throws Misfit {
    return ByteTexts.keyword(digits, Objects.requireNonNull(from.format(), "a format"));
  }

  private static String keyword(String text) throws Misfit {
    if (text.length() > KEYWORD_BYTES / 3) {
      int length = text.getBytes(StandardCharsets.UTF_8).length;
      if (length > KEYWORD_BYTES) {
        throw new Misfit(
            "a keyword has up to %d bytes, found %d; what is longer can be a text, or its start by"
                    .formatted(KEYWORD_BYTES, length)
                + " LEFT in table.query");
      }
    }
    return text;
  }

  private static Long integer(String text) throws Misfit {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      try {
        // "12.00" of a DECIMAL column is an integer too.
        return millis(text).orElseGet(() -> new BigDecimal(text).longValueExact());
      } catch (ArithmeticException | NumberFormatException notOne) {
        throw new Misfit(
            "an integer of 64 bits is expected, found '%s'; type: decimal holds larger ones"
                .formatted(shortened(text)));
      }
    }
  }

  /** A TIME is a span of up to 839 hours, either way; as a date, it counts in milliseconds. */
  private static Optional<Long> millis(String text) {
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      return Optional.empty();
    }
    String fraction = time.group(5);
    long micros = fraction == null ? 0 : Long.parseLong((fraction + "00000").substring(0, 6));
    long seconds =
        3_600 * Long.parseLong(time.group(2))
            + 60 * Long.parseLong(time.group(3))
            + Long.parseLong(time.group(4));
    long span = 1_000_000 * seconds + micros;
    return Optional.of(Math.floorDiv(time.group(1).isEmpty() ? span : -span, 1_000));
  }

  private static Boolean bool(String text) throws Misfit {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "1", "true" -> true;
      case "0", "false" -> false;
      default ->
          throw new Misfit("1, 0, true or false is expected, found '" + shortened(text) + "'");
    };
  }

  /** A day is its midnight; what is longer says its offset itself. */
  private Instant date(String text) {
    return text.length() == 10
        ? shownAt(LocalDate.parse(text).toEpochDay() * MICROS_OF_DAY)
        : Instant.parse(text);
  }

  /** Of an hour that the clock shows twice, the first. */
  private Instant shownAt(long wallMicros) {
    return Instant.EPOCH.plus(clock.first(wallMicros), ChronoUnit.MICROS);
  }

  private static @Nullable GeoPoint point(@Nullable String latitude, @Nullable String longitude) {
    return latitude == null || longitude == null
        ? null
        : new GeoPoint(Double.parseDouble(latitude), Double.parseDouble(longitude));
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}

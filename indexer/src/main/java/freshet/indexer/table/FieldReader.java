package freshet.indexer.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import freshet.indexer.table.FieldColumns.ListFormat;
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
import org.jspecify.annotations.Nullable;

/**
 * Makes a field's value of a row's columns.
 *
 * @param spec the field
 * @param list how a column of it holds several values
 * @param clock by which dates were written
 */
record FieldReader(FieldSpec spec, ListFormat list, WallClock clock) {
  private static final long MICROS_OF_DAY = 86_400_000_000L;
  private static final int KEYWORD_BYTES = 32_766;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A value that does not fit its field; the message names both. */
  static final class Misfit extends Exception {
    private static final long serialVersionUID = 1L;

    Misfit(String message) {
      super(message);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  /** How many columns it is made of. */
  int columns() {
    return spec.type() == FieldType.GEO_POINT ? 2 : 1;
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
    if (spec.type() == FieldType.GEO_POINT) {
      return point(content.text(column), content.text(column + 1));
    }
    if (spec.type() == FieldType.DATE && !spec.multiValued()) {
      Long micros = content.number(column);
      return micros == null ? null : shownAt(micros);
    }
    String text = content.text(column);
    if (text == null) {
      return null;
    }
    if (text.isEmpty() && content.isCutOff(column)) {
      throw new Misfit(
          "the server gives nothing of JSON that is larger than its max_allowed_packet; raise that,"
              + " and read the row again with: bin/indexer quarantine retry");
    }
    return spec.multiValued() ? list(text) : single(text);
  }

  private @Nullable List<Object> list(String text) throws Misfit {
    List<Object> values = new ArrayList<>();
    switch (list) {
      case COMMAS -> {
        for (String part : text.split(",", -1)) {
          if (!part.isBlank()) {
            values.add(single(part.strip()));
          }
        }
      }
      case JSON -> {
        for (JsonNode item : array(text)) {
          if (!item.isValueNode()) {
            throw new Misfit(
                "texts and numbers are expected in the array, found " + item.getNodeType());
          }
          if (!item.isNull()) {
            values.add(single(item.asText()));
          }
        }
      }
    }
    return values.isEmpty() ? null : values;
  }

  private static JsonNode array(String text) throws Misfit {
    JsonNode node;
    try {
      node = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new Misfit("a JSON array is expected: " + e.getOriginalMessage());
    }
    if (!node.isArray() && !node.isNull()) {
      throw new Misfit("a JSON array is expected, found " + node.getNodeType());
    }
    return node;
  }

  private Object single(String text) throws Misfit {
    return switch (spec.type()) {
      case TEXT -> text;
      case KEYWORD -> keyword(text);
      case LONG -> integer(text);
      case DOUBLE -> Double.valueOf(text);
      case BOOLEAN -> bool(text);
      case DATE -> date(text);
      case GEO_POINT -> GeoPoint.parse(text);
    };
  }

  private static String keyword(String text) throws Misfit {
    if (text.length() > KEYWORD_BYTES / 3) {
      int length = text.getBytes(StandardCharsets.UTF_8).length;
      if (length > KEYWORD_BYTES) {
        throw new Misfit("a keyword has up to %d bytes, found %d".formatted(KEYWORD_BYTES, length));
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
        return new BigDecimal(text).longValueExact();
      } catch (ArithmeticException | NumberFormatException notOne) {
        throw new Misfit("an integer of 64 bits is expected, found '" + shortened(text) + "'");
      }
    }
  }

  private static Boolean bool(String text) throws Misfit {
    return switch (text.toLowerCase(Locale.ROOT)) {
      // A BIT column comes as the byte itself.
      case "1", "true", "\u0001" -> true;
      case "0", "false", "\u0000" -> false;
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

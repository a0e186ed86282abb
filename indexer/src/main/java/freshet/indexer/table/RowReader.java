package freshet.indexer.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import freshet.indexer.quarantine.QuarantineSink;
import freshet.replicator.schema.GeoPoint;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyCodec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows into documents, and sets those aside that can't become one. Points in time come as
 * microseconds, numbers as text: nothing passes the driver's own conversions.
 */
public final class RowReader {
  private static final int KEYWORD_BYTES = 32_766;
  private static final int ROW_OVERHEAD = 100;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final IndexSchema schema;
  private final TableSpec table;
  private final KeyCodec codec;
  private final QuarantineSink quarantine;

  public RowReader(IndexSchema schema, TableSpec table, QuarantineSink quarantine) {
    this.schema = schema;
    this.table = table;
    this.codec = schema.keyCodec();
    this.quarantine = quarantine;
  }

  /** A value that does not fit its field. */
  private static final class Misfit extends Exception {
    private static final long serialVersionUID = 1L;

    Misfit(String message) {
      super(message);
    }
  }

  /** Version and key, the first columns of every query. */
  public Cursor pair(ResultSet row) throws SQLException {
    return new Cursor(row.getLong(1), key(row));
  }

  /** The key, after the version. */
  public DocumentKey key(ResultSet row) throws SQLException {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < schema.key().size(); i++) {
      int column = 2 + i;
      values.add(
          switch (schema.key().get(i)) {
            case BIGINT -> (Object) row.getLong(column);
            case BIGINT_UNSIGNED -> new BigInteger(row.getString(column));
            case STRING -> row.getString(column);
            case BINARY -> row.getBytes(column);
          });
    }
    return codec.encode(values);
  }

  /** A row without its content: version, key, and whether it is to be indexed. */
  public TableKey tableKey(ResultSet row) throws SQLException {
    return new TableKey(key(row), row.getLong(1), row.getLong(2 + keyColumns()) != 0);
  }

  public int keyColumns() {
    return schema.key().size();
  }

  /** A whole row. */
  public Row row(ResultSet row) throws SQLException {
    DocumentKey key = key(row);
    long version = row.getLong(1);
    if (row.wasNull()) {
      return setAside(key, Long.MIN_VALUE, "its version is NULL");
    }
    int column = 2 + schema.key().size();
    String city = row.getString(column++);
    if (row.getLong(column++) == 0) {
      return new Row.NotSearchable(key, version);
    }
    if (city == null) {
      return setAside(key, version, "its city (" + table.city() + ") is NULL");
    }
    Optional<String> problem = City.problemWith(city);
    if (problem.isPresent()) {
      return setAside(key, version, problem.get());
    }
    List<@Nullable Object> values = new ArrayList<>();
    long bytes = ROW_OVERHEAD;
    for (FieldSpec field : schema.fields()) {
      try {
        Object value;
        if (field.type() == FieldType.GEO_POINT) {
          value = point(row.getString(column++), row.getString(column++));
        } else {
          value = value(row, column++, field);
        }
        bytes += value instanceof String text ? text.length() : Long.BYTES;
        values.add(value);
      } catch (Misfit | DateTimeException | IllegalArgumentException | ArithmeticException e) {
        return setAside(
            key,
            version,
            "field %s (%s) can't be read: %s"
                .formatted(
                    field.name(), field.type().name().toLowerCase(Locale.ROOT), e.getMessage()));
      }
    }
    return new Row.Found(SourceDocument.of(key, version, new City(city), values), bytes);
  }

  /** Notes a row that can't become a document. */
  public Row setAside(DocumentKey key, long version, String reason) {
    quarantine.setAside(
        codec.show(key),
        reason,
        "correct the row in table " + table.name() + "; its next version is read by the next poll");
    return new Row.Unfit(key, version);
  }

  private @Nullable Object value(ResultSet row, int column, FieldSpec field)
      throws SQLException, Misfit {
    if (field.type() == FieldType.DATE && !field.multiValued()) {
      long micros = row.getLong(column);
      return row.wasNull() ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
    String text = row.getString(column);
    if (text == null) {
      return null;
    }
    return field.multiValued() ? list(text, field) : single(text, field);
  }

  private @Nullable List<Object> list(String text, FieldSpec field) throws Misfit {
    List<Object> values = new ArrayList<>();
    switch (PollStatements.columnsOf(table, field).list()) {
      case COMMAS -> {
        for (String part : text.split(",", -1)) {
          if (!part.isBlank()) {
            values.add(single(part.strip(), field));
          }
        }
      }
      case JSON -> {
        for (JsonNode item : array(text)) {
          if (!item.isNull()) {
            values.add(single(item.asText(), field));
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
    if (!node.isArray()) {
      throw new Misfit("a JSON array is expected, found " + node.getNodeType());
    }
    return node;
  }

  private static Object single(String text, FieldSpec field) throws Misfit {
    return switch (field.type()) {
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

  private static Instant date(String text) {
    return text.length() == 10
        ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
        : Instant.parse(text);
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

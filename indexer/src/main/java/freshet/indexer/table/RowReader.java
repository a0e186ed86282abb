package freshet.indexer.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import freshet.indexer.quarantine.Quarantine;
import freshet.indexer.quarantine.SetAside;
import freshet.indexer.table.FieldColumns.ListFormat;
import freshet.replicator.schema.GeoPoint;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyCodec;
import freshet.replicator.snapshot.KeyType;
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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows into documents, and sets those aside that can't become one. Points in time come as
 * microseconds, numbers as text: nothing passes the driver's own conversions. Used by one thread.
 */
public final class RowReader {
  /** Stands for the version of a row that has none. */
  static final long NO_VERSION = Long.MIN_VALUE;

  /** Stands for the key of a row that has none: a column of it is NULL, or it is empty. */
  private static final DocumentKey NO_KEY = DocumentKey.EMPTY;

  private static final String NO_VERSION_REASON = "its version is NULL or no date";

  private static final int KEYWORD_BYTES = 32_766;
  private static final int ROW_OVERHEAD = 100;
  private static final int REMEMBERED_CITIES = 10_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TableSpec table;
  private final KeyCodec codec;
  private final List<Field> fields = new ArrayList<>();
  private final Map<String, City> cities = new HashMap<>();
  private final long maxBytes;
  private final Quarantine quarantine;

  /** A field, and how a column of its holds several values. */
  private record Field(FieldSpec spec, ListFormat list) {}

  /**
   * A reader.
   *
   * @param maxBytes a row with more is set aside
   */
  public RowReader(IndexSchema schema, TableSpec table, long maxBytes, Quarantine quarantine) {
    this.table = table;
    this.codec = schema.keyCodec();
    this.maxBytes = maxBytes;
    this.quarantine = quarantine;
    for (FieldSpec field : schema.fields()) {
      fields.add(new Field(field, PollStatements.columnsOf(table, field).list()));
    }
  }

  /** A value that does not fit its field. */
  private static final class Misfit extends Exception {
    private static final long serialVersionUID = 1L;

    Misfit(String message) {
      super(message);
    }
  }

  /** Version and key, the first columns of every query; each may be what stands for none. */
  Cursor pair(ResultSet row) throws SQLException {
    long version = row.getLong(1);
    return new Cursor(row.wasNull() ? NO_VERSION : version, key(row));
  }

  /** Whether a page can go on from a row. */
  static boolean hasPlace(long version, DocumentKey key) {
    return version != NO_VERSION && !key.equals(NO_KEY);
  }

  private DocumentKey key(ResultSet row) throws SQLException {
    List<@Nullable Object> values = keyValues(row);
    return values.contains(null) ? NO_KEY : codec.encode(values);
  }

  private List<@Nullable Object> keyValues(ResultSet row) throws SQLException {
    List<@Nullable Object> values = new ArrayList<>(codec.types().size());
    int column = 2;
    for (KeyType type : codec.types()) {
      values.add(
          switch (type) {
            case BIGINT -> number(row, column);
            case BIGINT_UNSIGNED -> unsigned(row.getString(column));
            case STRING -> row.getString(column);
            case BINARY -> row.getBytes(column);
          });
      column++;
    }
    return values;
  }

  private static @Nullable Object number(ResultSet row, int column) throws SQLException {
    long number = row.getLong(column);
    return row.wasNull() ? null : number;
  }

  private static @Nullable Object unsigned(@Nullable String text) {
    return text == null ? null : new BigInteger(text);
  }

  int keyColumns() {
    return codec.types().size();
  }

  /** A row with more bytes is set aside. */
  long maxBytes() {
    return maxBytes;
  }

  /** A whole row. */
  public Row row(ResultSet row) throws SQLException {
    return row(pair(row), new Columns.OfResult(row, 1 + keyColumns()));
  }

  /** A row whose content was put together. */
  Row assembled(Cursor pair, List<@Nullable String> texts) {
    try {
      return row(pair, new Columns.OfTexts(texts));
    } catch (SQLException e) {
      throw new IllegalStateException("texts in memory can be read", e);
    }
  }

  private Row row(Cursor pair, Columns content) throws SQLException {
    if (pair.key().equals(NO_KEY)) {
      return setAsideWithoutKey(pair.version());
    }
    if (pair.version() == NO_VERSION) {
      return setAside(pair, NO_VERSION_REASON, correct());
    }
    String city = content.text(0);
    if (!Objects.equals(content.number(1), 1L)) {
      return new Row.NotSearchable(pair.key(), pair.version());
    }
    if (city == null) {
      return setAside(pair, "its city (" + table.city() + ") is NULL", correct());
    }
    City known = cities.get(city);
    if (known == null) {
      Optional<String> problem = City.problemWith(city);
      if (problem.isPresent()) {
        return setAside(pair, problem.get(), correct());
      }
      known = remembered(new City(city));
    }
    List<@Nullable Object> values = new ArrayList<>(fields.size());
    long bytes = ROW_OVERHEAD;
    int column = 2;
    for (Field field : fields) {
      FieldType type = field.spec().type();
      try {
        Object value;
        if (type == FieldType.GEO_POINT) {
          value = point(content.text(column), content.text(column + 1));
          column += 2;
        } else {
          value = value(content, column, field);
          column++;
        }
        bytes += value instanceof String text ? text.length() : Long.BYTES;
        values.add(value);
      } catch (Misfit | DateTimeException | IllegalArgumentException | ArithmeticException e) {
        return setAside(
            pair,
            "field %s (%s) can't be read: %s"
                .formatted(
                    field.spec().name(), type.name().toLowerCase(Locale.ROOT), e.getMessage()),
            correct());
      }
    }
    if (bytes > maxBytes + ROW_OVERHEAD) {
      return setAsideTooLarge(pair, bytes);
    }
    SourceDocument document = SourceDocument.of(pair.key(), pair.version(), known, values);
    return new Row.Found(document, bytes);
  }

  /** Names are checked letter by letter, which would cost as much as reading the row. */
  private City remembered(City city) {
    if (cities.size() >= REMEMBERED_CITIES) {
      cities.clear();
    }
    cities.put(city.name(), city);
    return city;
  }

  /** Notes a row that is too large to be read. */
  Row setAsideTooLarge(Cursor pair, long bytes) {
    return setAside(
        pair,
        "it has %,d bytes, source.max_row_size is %,d".formatted(bytes, maxBytes),
        "make it smaller, or raise source.max_row_size and read it again with: bin/indexer"
            + " quarantine retry "
            + codec.show(pair.key()));
  }

  /** Notes a row without a version or without a key, which no page has. */
  Row setAsideUnread(ResultSet row) throws SQLException {
    DocumentKey key = key(row);
    return key.equals(NO_KEY)
        ? setAsideWithoutKey(NO_VERSION)
        : setAside(new Cursor(NO_VERSION, key), NO_VERSION_REASON, correct());
  }

  private Row setAsideWithoutKey(long version) {
    quarantine.setAside(
        new SetAside(
            NO_KEY,
            "NULL",
            table.name(),
            null,
            "the key of at least one row is NULL or empty: "
                + table.key().stream().map(KeyColumn::name).toList(),
            "give all rows a key: those without one are not read"));
    return new Row.Unfit(NO_KEY, version);
  }

  private String correct() {
    return "correct the row: its next version is read by itself. The index keeps the last one that"
        + " could be read, if there was any";
  }

  private Row setAside(Cursor pair, String reason, String fix) {
    DocumentKey key = pair.key();
    Long version = pair.version() == NO_VERSION ? null : pair.version();
    quarantine.setAside(new SetAside(key, codec.show(key), table.name(), version, reason, fix));
    return new Row.Unfit(key, pair.version());
  }

  private static @Nullable Object value(Columns content, int column, Field field)
      throws SQLException, Misfit {
    FieldSpec spec = field.spec();
    if (spec.type() == FieldType.DATE && !spec.multiValued()) {
      Long micros = content.number(column);
      return micros == null ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
    String text = content.text(column);
    if (text == null) {
      return null;
    }
    return spec.multiValued() ? list(text, field) : single(text, spec);
  }

  private static @Nullable List<Object> list(String text, Field field) throws Misfit {
    List<Object> values = new ArrayList<>();
    switch (field.list()) {
      case COMMAS -> {
        for (String part : text.split(",", -1)) {
          if (!part.isBlank()) {
            values.add(single(part.strip(), field.spec()));
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
            values.add(single(item.asText(), field.spec()));
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

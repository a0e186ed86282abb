package freshet.indexer.table;

import freshet.indexer.quarantine.Quarantine;
import freshet.indexer.quarantine.SetAside;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

  private static final String NO_VERSION_REASON = "its version is NULL or no date";

  private static final int ROW_OVERHEAD = 100;
  private static final int REMEMBERED_CITIES = 10_000;

  private final TableSpec table;
  private final KeyCodec codec;
  private final KeyReader keys;
  private final List<FieldReader> fields = new ArrayList<>();
  private final Map<String, City> cities = new HashMap<>();
  private final UnlistedRows unlisted;
  private final long maxBytes;
  private final Quarantine quarantine;
  private final CityFilter filter;
  private @Nullable ResultTexts texts;

  /**
   * A reader.
   *
   * @param maxBytes a row with more is set aside
   * @param filter rows of other cities are not to be searched
   */
  public RowReader(
      IndexSchema schema,
      TableSpec table,
      long maxBytes,
      Quarantine quarantine,
      CityFilter filter) {
    this(schema, table, maxBytes, quarantine, filter, UnlistedRows.ofPolls());
  }

  /**
   * The same.
   *
   * @param unlisted where rows are counted that the filter leaves out
   */
  public RowReader(
      IndexSchema schema,
      TableSpec table,
      long maxBytes,
      Quarantine quarantine,
      CityFilter filter,
      UnlistedRows unlisted) {
    this.filter = filter;
    this.unlisted = unlisted;
    this.table = table;
    this.codec = schema.keyCodec();
    this.keys = new KeyReader(codec);
    this.maxBytes = maxBytes;
    this.quarantine = quarantine;
    for (FieldSpec field : schema.fields()) {
      FieldColumns from = PollStatements.columnsOf(table, field);
      fields.add(FieldReader.of(field, from));
    }
  }

  /** Version and key, the first columns of every query; each may be what stands for none. */
  Cursor pair(ResultSet row) throws SQLException {
    long version = row.getLong(1);
    return new Cursor(row.wasNull() ? NO_VERSION : version, key(row));
  }

  /** Whether a page can go on from a row. */
  static boolean hasPlace(long version, DocumentKey key) {
    return version != NO_VERSION && !key.equals(KeyReader.NO_KEY);
  }

  /** The key, after the version. */
  private DocumentKey key(ResultSet row) throws SQLException {
    return key(row, 2);
  }

  /** A row without its content: version, key, whether it is to be indexed, and its city. */
  TableKey tableKey(ResultSet row) throws SQLException {
    int next = 2 + keyColumns();
    String city = row.getString(next + 1);
    boolean isSearchable = row.getLong(next) != 0 && (city == null || filter.allows(city));
    return new TableKey(key(row), row.getLong(1), isSearchable, city);
  }

  /** The key whose columns begin at this one. */
  DocumentKey key(ResultSet row, int first) throws SQLException {
    return keys.read(row, first);
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
    return row(pair(row), new Columns.OfResult(texts(row), 1 + keyColumns()));
  }

  /** What a result says of its columns is asked once. */
  private ResultTexts texts(ResultSet row) throws SQLException {
    ResultTexts known = texts;
    if (known == null || !known.row().equals(row)) {
      known = new ResultTexts(row);
      texts = known;
    }
    return known;
  }

  /** A row whose content was put together. */
  Row assembled(Cursor pair, Columns.OfTexts content) {
    try {
      return row(pair, content);
    } catch (SQLException e) {
      throw new IllegalStateException("texts in memory can be read", e);
    }
  }

  private Row row(Cursor pair, Columns content) throws SQLException {
    if (pair.key().equals(KeyReader.NO_KEY)) {
      return setAsideWithoutKey(pair.version());
    }
    if (pair.version() == NO_VERSION) {
      return setAside(pair, NO_VERSION_REASON, correct());
    }
    unlisted.remove(pair.key());
    try {
      return read(pair, content);
    } catch (Misfit e) {
      return setAside(pair, e.getMessage(), correct());
    }
  }

  private Row read(Cursor pair, Columns content) throws SQLException, Misfit {
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
      known = new City(city);
      if (!filter.allows(known)) {
        unlisted.add(pair.key(), city);
        return new Row.NotSearchable(pair.key(), pair.version());
      }
      known = remembered(known);
    }
    List<@Nullable Object> values = new ArrayList<>(fields.size());
    long bytes = ROW_OVERHEAD;
    int column = 2;
    for (FieldReader field : fields) {
      Object value = field.read(content, column);
      bytes += value instanceof String text ? text.length() : Long.BYTES;
      values.add(value);
      column += field.columns();
    }
    if (bytes > maxBytes + ROW_OVERHEAD) {
      return setAsideTooLarge(pair, bytes);
    }
    SourceDocument document = SourceDocument.of(pair.key(), pair.version(), known, values);
    return new Row.Found(document, bytes);
  }

  /** Rows that are not indexed for their city alone. */
  public UnlistedRows unlisted() {
    return unlisted;
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

  /** Notes a key for which a query of the user's yields several rows. */
  Row setAsideDouble(Row row) {
    return setAside(
        new Cursor(row.version(), row.key()),
        "table.query yields more than one row for its key",
        "make the query yield one row for each key; the index keeps the last one that could be"
            + " read, if there was any");
  }

  /** Notes a row of which the server left out what a function made. */
  Row setAsideCutShort(Cursor pair) {
    return setAside(
        pair,
        "table.query or searchable_if makes a value of it that is larger than the server's"
            + " max_allowed_packet, for which the server gives NULL",
        "raise max_allowed_packet, or let the SQL make less of it; then read it again with:"
            + " bin/indexer quarantine retry "
            + codec.show(pair.key()));
  }

  /** Notes a row without a version or without a key, which no page has. */
  Row setAsideUnread(ResultSet row) throws SQLException {
    DocumentKey key = key(row);
    return key.equals(KeyReader.NO_KEY)
        ? setAsideWithoutKey(NO_VERSION)
        : setAside(new Cursor(NO_VERSION, key), NO_VERSION_REASON, correct());
  }

  private Row setAsideWithoutKey(long version) {
    quarantine.setAside(
        new SetAside(
            KeyReader.NO_KEY,
            "NULL",
            table.name(),
            null,
            "the key of at least one row is NULL or empty: "
                + table.key().stream().map(KeyColumn::name).toList(),
            "give all rows a key: those without one are not read"));
    return new Row.Unfit(KeyReader.NO_KEY, version);
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
}

package freshet.indexer.table;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.quarantine.ListQuarantine;
import freshet.indexer.table.FieldColumns.ListFormat;
import freshet.indexer.table.VersionColumn.DateTime;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the values of a row, whatever they are. */
class RowReaderTest {
  private static final IndexSchema SCHEMA =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(
              field("title", FieldType.TEXT, null),
              field("kind", FieldType.KEYWORD, null),
              field("rooms", FieldType.LONG, null),
              field("price", FieldType.DOUBLE, null),
              field("pets", FieldType.BOOLEAN, null),
              field("at", FieldType.GEO_POINT, null),
              field("tags", FieldType.KEYWORD, ListFormat.JSON),
              field("days", FieldType.DATE, ListFormat.COMMAS)),
          List.of("title"));

  private static final DocumentKey KEY = SCHEMA.keyCodec().encode(List.of(7L));

  private final Set<Integer> cutOff = new HashSet<>();
  private final ListQuarantine quarantine = new ListQuarantine();
  private final RowReader reader =
      new RowReader(
          SCHEMA,
          new TableSpec(
              "listing",
              List.of(new KeyColumn("id", KeyType.BIGINT)),
              new VersionColumn("updated_at", new DateTime(6)),
              "city",
              List.of(
                  FieldColumns.of("title", "title"),
                  FieldColumns.of("kind", "kind"),
                  FieldColumns.of("rooms", "rooms"),
                  FieldColumns.of("price", "price"),
                  FieldColumns.of("pets", "pets"),
                  new FieldColumns("at", List.of("lat", "lon"), ListFormat.COMMAS),
                  new FieldColumns("tags", List.of("tags"), ListFormat.JSON),
                  new FieldColumns("days", List.of("days"), ListFormat.COMMAS)),
              null),
          1_000_000,
          quarantine,
          CityFilter.ALL);

  private static FieldSpec field(String name, FieldType type, ListFormat list) {
    return new FieldSpec(
        name, type, type == FieldType.TEXT ? "english" : null, list != null, true, false);
  }

  /** The row of the columns that are given, in this order; the others are NULL. */
  private Row row(String column, String value) {
    List<String> names =
        List.of(
            "city",
            "searchable",
            "title",
            "kind",
            "rooms",
            "price",
            "pets",
            "lat",
            "lon",
            "tags",
            "days");
    List<String> texts = Arrays.asList(new String[names.size()]);
    texts.set(0, "c");
    texts.set(1, "1");
    texts.set(7, "1");
    texts.set(8, "1");
    texts.set(names.indexOf(column), value);
    return reader.assembled(new Cursor(1, KEY), new Columns.OfTexts(texts, cutOff));
  }

  private Object value(String column, String value) {
    Row row = row(column, value);
    assertThat(row).as(quarantine.reasons().toString()).isInstanceOf(Row.Found.class);
    int at = SCHEMA.fields().stream().map(FieldSpec::name).toList().indexOf(column);
    return ((Row.Found) row).document().values().get(at);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "NULL",
      delimiter = '|',
      value = {
        "city  | NULL                 | 7: its city (city) is NULL",
        "rooms | many                 | 7: field rooms (long) can't be read: an integer of 64 bits is expected, found 'many'",
        "rooms | 9223372036854775808  | 7: field rooms (long) can't be read: an integer of 64 bits is expected, found '9223372036854775808'",
        "rooms | 1.5                  | 7: field rooms (long) can't be read: an integer of 64 bits is expected, found '1.5'",
        "price | cheap                | 7: field price (double) can't be read: For input string: \"cheap\"",
        "pets  | 7                    | 7: field pets (boolean) can't be read: 1, 0, true or false is expected, found '7'",
        "tags  | [\"a\"               | 7: field tags (keyword) can't be read: a JSON array is expected",
        "tags  | {\"a\": 1}           | 7: field tags (keyword) can't be read: a JSON array is expected, found OBJECT",
        "tags  | ''                   | 7: field tags (keyword) can't be read: a JSON array is expected, found MISSING",
        "tags  | [[1]]                | 7: field tags (keyword) can't be read: texts and numbers are expected in the array, found ARRAY",
        "days  | 2026-02-30           | 7: field days (date) can't be read: Text '2026-02-30' could not be parsed",
        "days  | 0000-00-00           | 7: field days (date) can't be read: Text '0000-00-00' could not be parsed",
        "lat   | 90.1                 | 7: field at (geo_point) can't be read",
        "lat   | north                | 7: field at (geo_point) can't be read",
        "lon   | -180.5               | 7: field at (geo_point) can't be read"
      })
  void whatDoesNotFitIsSetAsideWithItsReason(String column, String value, String reason) {
    assertThat(row(column, value)).isEqualTo(new Row.Unfit(KEY, 1));
    assertThat(quarantine.reasons()).singleElement().asString().startsWith(reason);
  }

  @Test
  void rowWithoutAVersionIsSetAside() {
    List<String> texts = List.of("c", "1");
    assertThat(
            reader.assembled(
                new Cursor(RowReader.NO_VERSION, KEY), new Columns.OfTexts(texts, cutOff)))
        .isEqualTo(new Row.Unfit(KEY, RowReader.NO_VERSION));
    assertThat(quarantine.reasons()).containsExactly("7: its version is NULL or no date");
  }

  @Test
  void keywordThatNoTermHoldsIsSetAside() {
    assertThat(value("kind", "ü".repeat(16_383))).isEqualTo("ü".repeat(16_383));
    assertThat(row("kind", "ü".repeat(16_384))).isInstanceOf(Row.Unfit.class);
    assertThat(quarantine.reasons())
        .containsExactly(
            "7: field kind (keyword) can't be read: a keyword has up to 32766 bytes, found 32768; what"
                + " is longer can be a text, or its start by LEFT in table.query");
  }

  @Test
  void cityWithoutAFolderIsSetAside() {
    assertThat(row("city", "ü".repeat(300))).isInstanceOf(Row.Unfit.class);
  }

  @Test
  void rowAboveTheConfiguredSizeIsSetAsideWithBothSizesAndTheFix() {
    assertThat(row("title", "x".repeat(2_000_000))).isInstanceOf(Row.Unfit.class);
    assertThat(quarantine.reasons())
        .singleElement()
        .asString()
        .matches("7: it has 2,000,[0-9]+ bytes, source.max_row_size is 1,000,000");
  }

  @Test
  void rowThatIsNotToBeSearchedIsNotReadAnyFurther() {
    assertThat(row("searchable", "0")).isEqualTo(new Row.NotSearchable(KEY, 1));
    assertThat(row("searchable", null)).isEqualTo(new Row.NotSearchable(KEY, 1));
  }

  @Test
  void textThatTheServerCutsOffIsNotTakenForAnEmptyOne() {
    assertThat(value("title", "")).isEqualTo("");
    cutOff.add(2);
    assertThat(row("title", "")).isInstanceOf(Row.Unfit.class);
    assertThat(quarantine.reasons()).singleElement().asString().contains("max_allowed_packet");
  }

  @Test
  void strangeTextIsText() {
    assertThat(value("title", "a\u0000b")).isEqualTo("a\u0000b");
    assertThat(value("title", "\ufffd")).isEqualTo("\ufffd");
    assertThat(value("title", "\ud800")).isEqualTo("\ud800");
    assertThat(value("tags", "[\"\\ud800\", 1, null, true]"))
        .isEqualTo(List.of("\ud800", "1", "true"));
    assertThat(value("tags", "null")).isNull();
    assertThat(value("rooms", "12.00")).isEqualTo(12L);
    assertThat(value("days", "2026-02-28, 2026-03-01T00:00:00Z"))
        .isEqualTo(
            List.of(Instant.parse("2026-02-28T00:00:00Z"), Instant.parse("2026-03-01T00:00:00Z")));
  }
}

package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.replicator.command.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** bin/indexer preview: documents as they would be indexed. */
@Timeout(120)
class PreviewIT {
  private static final List<String> FIELDS =
      List.of(
          "{name: title, type: text, analyzer: english, html: true}",
          "{name: price, type: decimal, sortable: true}",
          "{name: tags, type: keyword, multi_valued: comma}",
          "{name: posted, type: date}",
          "{name: note, type: text, stored: false}");

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path folder;

  private TypeTable table;

  @BeforeEach
  void fourRows() throws Exception {
    table = new TypeTable(database, folder);
    table.create(
        "id BIGINT NOT NULL PRIMARY KEY",
        List.of(
            "title TEXT",
            "price VARCHAR(20)",
            "tags VARCHAR(50)",
            "posted DATETIME(6)",
            "note TEXT"));
    table.insert(
        List.of(
            "(1, 'boston', '2026-01-01', '<b>Sunny</b> flats', '12.50', 'a,b', '2026-03-01 12:00:00.123456', 'not\nreturned')",
            "(2, 'boston', '2026-01-02', NULL, NULL, NULL, NULL, NULL)",
            "(3, 'hidden', '2026-01-03', 'x', '1', NULL, NULL, NULL)",
            "(4, NULL, '2026-01-04', 'x', '1', NULL, NULL, NULL)",
            "(5, 'boston', '2026-01-05', 'x', 'cheap', NULL, NULL, REPEAT('word ', 100))"));
    configure();
  }

  private void configure(String... ofTable) throws Exception {
    table.configure("{column: id, type: bigint}", FIELDS, ofTable);
  }

  @Test
  void aDocumentIsShownFieldByFieldAndNothingIsWritten() throws Exception {
    assertThat(table.run(0, "preview", "--limit", "2"))
        .isEqualTo(
            """
            1: city boston, version 2026-01-01T00:00:00Z
              title (text by english_html, stored)
                indexed: sunni | flat
                stored:  <b>Sunny</b> flats
              price (decimal, sortable, stored)
                indexed: 12.5
                stored:  12.50
              tags (keyword, several values, stored)
                indexed: a | b
                stored:  [a, b]
              posted (date, stored)
                indexed: 1772366400123
                stored:  2026-03-01T12:00:00.123Z
              note (text by standard, not stored)
                indexed: not | returned
            2: city boston, version 2026-01-02T00:00:00Z
              title (text by english_html, stored)
                no value
              price (decimal, sortable, stored)
                no value
              tags (keyword, several values, stored)
                no value
              posted (date, stored)
                no value
              note (text by standard, not stored)
                no value
            """);
    assertThat(Files.exists(folder.resolve("data"))).isFalse();
  }

  @Test
  void rowsThatCannotBecomeDocumentsSayWhy() throws Exception {
    configure("searchable_if: city IS NULL OR city <> 'hidden'");
    assertThat(table.run(1, "preview"))
        .contains(
            "3: would not be indexed: searchable_if is not true for it",
            "4: would be set aside: its city (city) is NULL; correct the row",
            "5: would be set aside: field price (decimal) can't be read: a decimal number")
        .contains("expected, found 'cheap'");
    assertThat(Files.exists(folder.resolve("data"))).isFalse();

    table.sql("UPDATE typed SET price = '0.1' WHERE id = 5");
    assertThat(table.run(0, "preview", "--id", "5", "--id", "1"))
        .contains("5: city boston", "word | word", "… 60 more", "1: city boston");
    JsonNode json = Json.parse(table.run(0, "preview", "--id", "5", "--json")).path(0);
    assertThat(json.path("state").asText()).isEqualTo("document");
    assertThat(json.path("fields").path(4).path("indexed")).hasSize(100);
    assertThat(json.path("fields").path(1).path("stored").asText()).isEqualTo("0.1");
  }

  @Test
  void theQueryOfTheConfigurationIsPreviewed() throws Exception {
    configure(
        "query: SELECT id, city, v, CONCAT(title, ' for rent') AS title, price, tags, posted, note"
            + " FROM typed WHERE id IN (:keys) AND id <> 2");
    assertThat(table.run(1, "preview", "--limit", "2"))
        .contains(
            "indexed: sunni | flat | rent", "2: no row has this key, or the query yields none");
  }

  @Test
  void badInputIsNamed() throws Exception {
    assertThat(table.run(1, "preview", "--id", "77")).contains("77: no row has this key");
    assertThat(table.run(2, "preview", "--id", "two")).contains("'two' is no key of a document");
    assertThat(table.run(2, "preview", "--limit", "0")).contains("--limit is 0; expected 1 to");
    table.sql("DELETE FROM typed");
    assertThat(table.run(0, "preview")).contains("table typed has no row");
    assertThat(table.run(0, "preview", "--json").strip()).isEqualTo("[]");

    table.sql("DROP TABLE typed");
    assertThat(table.run(78, "preview")).contains("typed");
    Path file = folder.resolve("indexer.yaml");
    String port = "port: " + database.pair().source().port();
    Files.writeString(file, Files.readString(file).replace(port, "port: 1"));
    assertThat(table.run(69, "preview")).contains("127.0.0.1:1");
    Files.delete(file);
    assertThat(table.run(78, "preview")).contains("indexer.yaml");
  }
}

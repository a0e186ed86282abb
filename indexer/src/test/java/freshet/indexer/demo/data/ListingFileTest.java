package freshet.indexer.demo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListingFileTest {
  private static final String GOOD =
      "{\"id\": 1, \"city\": \"x\", \"title\": \"t\", \"body\": \"b\"}\n";

  @Test
  void everyFieldIsRead() throws Exception {
    String line =
        """
        {"id": 7485297290, "city": "cleveland", "title": "A", "body": "B", "price": 2412, \
        "neighborhood": "Beachwood", "latitude": 41.4701, "longitude": -81.5232, "bedrooms": 3, \
        "bathrooms": 2.5, "sqft": 1300, "housing_type": "apartment", "posted": "2022-05-18 13:50", \
        "updated": "2022-06-17 09:37", "url": "https://example.org/1"}
        """;
    assertThat(read(line))
        .containsExactly(
            new Listing(
                7485297290L,
                "cleveland",
                "A",
                "B",
                2412L,
                "Beachwood",
                41.4701,
                -81.5232,
                3L,
                2.5,
                1300L,
                "apartment",
                LocalDateTime.of(2022, 5, 18, 13, 50),
                "https://example.org/1"));
  }

  @Test
  void absentAndNullAreTheSame() throws Exception {
    String line = "{\"id\":2,\"city\":\"x\",\"title\":\"t\",\"body\":\"b\",\"price\":null}";
    assertThat(read(GOOD + line)).hasSize(2).last().extracting(Listing::price).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          nonsense | d.jsonl line 2 is no JSON
          {"id": 2} {"id": 3} | d.jsonl line 2 is no JSON
          [1] | d.jsonl line 2 is no JSON object
          {"city":"x","title":"t","body":"b"} | d.jsonl line 2 has no id, expected a 64-bit integer
          {"id":2,"title":"t","body":"b"} | d.jsonl line 2 has no city, expected a text
          {"id":"2","city":"x","title":"t","body":"b"} | d.jsonl line 2 has id "2", expected a 64-bit integer
          {"id":2,"city":"x","title":"t","body":"b","sqft":1.5} | line 2 has sqft 1.5, expected a 64-bit integer
          {"id":2,"city":"x","title":"t","body":"b","latitude":"n"} | line 2 has latitude "n", expected a number
          {"id":2,"city":"x","title":"t","body":"b","posted":"1 May"} | line 2 has posted '1 May', expected like
          {"id":1,"city":"x","title":"t","body":"b"} | d.jsonl line 2 has the id 1 of line 1
          """)
  void badLineIsNamedWithWhatWasExpected(String line, String message) {
    assertThatThrownBy(() -> read(GOOD + line))
        .isInstanceOf(DataFileException.class)
        .hasMessageContaining(message);
  }

  @Test
  void fileWithoutListingIsRefused() {
    assertThatThrownBy(() -> read("\n"))
        .isInstanceOf(DataFileException.class)
        .hasMessageContaining("holds no listing");
  }

  @Test
  void missingFileIsNamed() {
    assertThatThrownBy(() -> ListingFile.read(Path.of("no/such.jsonl"), listing -> {}))
        .isInstanceOf(DataFileException.class)
        .hasMessage("no/such.jsonl does not exist: give --data an existing file");
  }

  private static List<Listing> read(String lines) throws Exception {
    List<Listing> read = new ArrayList<>();
    ListingFile.read("d.jsonl", new StringReader(lines), read::add);
    return read;
  }
}

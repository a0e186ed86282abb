package freshet.indexer.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a path leads, as both servers would follow it. */
class JsonPathTest {
  private static final String JSON =
      "{\"a\": {\"b\": [1, {\"c\": \"x\"}, {\"c\": null}, {\"c\": \"y\"}]}, \"two words\": true,"
          + " \"say \\\"hi\\\"\": 7, \"größe\": 8, \"\": 9}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "$.a.b[0]        | [1]",
        "$.a.b[1].c      | [\"x\"]",
        "$.a.b[*].c      | [\"x\", \"y\"]",
        "$.\"a\".\"b\"[3].c | [\"y\"]",
        "$.\"two words\" | [true]",
        "$.\"say \\\"hi\\\"\" | [7]",
        "$.größe         | [8]",
        "$.\"\"          | [9]",
        "$.a.b[4]        | []",
        "$.a.b.c         | []",
        "$.nothing[0].x  | []",
        "$.größe[*]      | []",
      })
  void leadsToItsValues(String path, String values) throws Exception {
    JsonNode root = new ObjectMapper().readTree(JSON);
    assertThat(JsonPath.parse(path).find(root)).hasToString(values);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        ".a",
        "$a",
        "$.",
        "$.a.",
        "$.a[",
        "$.a[-1]",
        "$.a[last]",
        "$**.a",
        "$.a b"
      })
  void whatIsNoPathIsRefused(String path) {
    assertThatThrownBy(() -> JsonPath.parse(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a path such as $.color");
  }
}

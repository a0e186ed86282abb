package freshet.indexer.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a field's values out of a column of JSON.
 *
 * @param path to them; null for the whole column, which is then an array
 * @param isList whether the field has several values
 */
record JsonValues(@Nullable JsonPath path, boolean isList) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /** As texts; one at most if the field has a single value. */
  List<String> read(String text) throws Misfit {
    List<JsonNode> nodes = new ArrayList<>();
    if (path == null) {
      array(tree(text)).forEach(nodes::add);
    } else {
      for (JsonNode node : path.find(tree(text))) {
        if (isList && node.isArray()) {
          node.forEach(nodes::add);
        } else {
          nodes.add(node);
        }
      }
    }
    List<String> values = new ArrayList<>();
    for (JsonNode node : nodes) {
      if (!node.isValueNode()) {
        throw new Misfit(
            "texts and numbers are expected %s, found %s"
                .formatted(path == null ? "in the array" : "at its path", node.getNodeType()));
      }
      if (!node.isNull()) {
        values.add(node.asText());
      }
    }
    return values;
  }

  private JsonNode tree(String text) throws Misfit {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new Misfit(
          "%s is expected: %s"
              .formatted(path == null ? "a JSON array" : "JSON", e.getOriginalMessage()));
    }
  }

  private static JsonNode array(JsonNode node) throws Misfit {
    if (!node.isArray() && !node.isNull()) {
      throw new Misfit("a JSON array is expected, found " + node.getNodeType());
    }
    return node;
  }
}

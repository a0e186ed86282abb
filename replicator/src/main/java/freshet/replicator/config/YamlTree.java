package freshet.replicator.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import freshet.replicator.config.ConfigNode.Entry;
import freshet.replicator.config.ConfigNode.Mapping;
import freshet.replicator.config.ConfigNode.Nothing;
import freshet.replicator.config.ConfigNode.Scalar;
import freshet.replicator.config.ConfigNode.Sequence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Builds the tree of a YAML text from the parser's events, which alone know the lines. */
final class YamlTree {
  private final YAMLParser parser;
  private final ConfigReading reading;

  private YamlTree(YAMLParser parser, ConfigReading reading) {
    this.parser = parser;
    this.reading = reading;
  }

  /** The root mapping; an empty one, with problems reported, if the text is no YAML mapping. */
  static Mapping read(String text, ConfigReading reading) {
    Mapping none = new Mapping(1, Map.of());
    try (YAMLParser parser = new YAMLFactory().createParser(text)) {
      YamlTree tree = new YamlTree(parser, reading);
      JsonToken first = parser.nextToken();
      if (first == null || first == JsonToken.VALUE_NULL) {
        return none;
      }
      ConfigNode root = tree.node(first, "");
      if (parser.nextToken() != null) {
        reading.problem(tree.line(), "", null, "a configuration is one YAML document, not several");
      }
      if (root instanceof Mapping mapping) {
        return mapping;
      }
      reading.problem(root.line(), "", null, "keys with values are expected, such as 'name: main'");
    } catch (JsonProcessingException e) {
      reading.broken(lineOf(e), "this is no YAML: " + firstLine(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new AssertionError("a text in memory can always be read", e);
    }
    return none;
  }

  private ConfigNode node(JsonToken token, String key) throws IOException {
    int line = line();
    if (parser.isCurrentAlias()) {
      reading.problem(line, key, "*" + parser.getText(), "YAML aliases are not read: repeat it");
      return new Nothing(line);
    }
    return switch (token) {
      case START_OBJECT -> mapping(line, key);
      case START_ARRAY -> sequence(line, key);
      case VALUE_NULL -> new Nothing(line);
      default -> new Scalar(line, parser.getText());
    };
  }

  private Mapping mapping(int line, String path) throws IOException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      String key = path.isEmpty() ? name : path + "." + name;
      int keyLine = line();
      ConfigNode value = node(parser.nextToken(), key);
      Entry earlier = entries.putIfAbsent(name, new Entry(keyLine, value));
      if (earlier != null) {
        reading.problem(keyLine, key, null, "the key is there already, in line " + earlier.line());
      }
    }
    return new Mapping(line, Collections.unmodifiableMap(entries));
  }

  private Sequence sequence(int line, String path) throws IOException {
    List<ConfigNode> items = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      items.add(node(token, path + "[" + items.size() + "]"));
    }
    return new Sequence(line, List.copyOf(items));
  }

  private int line() {
    return parser.currentTokenLocation().getLineNr();
  }

  /** Where the parser stumbled; its own place is only that of the last event before. */
  private static int lineOf(JsonProcessingException e) {
    if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
      return marked.getProblemMark().getLine() + 1;
    }
    return e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
  }

  private static String firstLine(String message) {
    // SnakeYAML tells the context, the problem, and an excerpt with a caret, over several lines.
    return message.lines().map(String::strip).filter(l -> !l.isEmpty()).limit(3).toList().stream()
        .filter(l -> !l.startsWith("in '"))
        .reduce((a, b) -> a + ", " + b)
        .orElse("it can't be parsed");
  }
}

package freshet.replicator.config;

import java.util.List;
import java.util.Map;

/** A YAML file as a tree that remembers lines. */
sealed interface ConfigNode {
  /** Where it begins, from 1 on. */
  int line();

  /** A single value, as written. */
  record Scalar(int line, String text) implements ConfigNode {}

  /** A key without a value. */
  record Nothing(int line) implements ConfigNode {}

  /** Keys and their values, in the file's order. */
  record Mapping(int line, Map<String, Entry> entries) implements ConfigNode {}

  /** A list. */
  record Sequence(int line, List<ConfigNode> items) implements ConfigNode {}

  /** One key's line and value. */
  record Entry(int line, ConfigNode value) {}
}

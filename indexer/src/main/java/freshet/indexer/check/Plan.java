package freshet.indexer.check;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How the server would run a statement: the rows of EXPLAIN.
 *
 * @param steps columns in lower case, as both kinds of server name them
 */
record Plan(List<Map<String, String>> steps) {
  Plan {
    steps = List.copyOf(steps);
  }

  /**
   * The tables that are read or sorted whole, by the names that the statement gives them.
   *
   * @param large a smaller table than this many rows may be read whole on purpose, which is cheaper
   *     there than an index
   */
  List<String> costly(long large) {
    return steps.stream()
        .filter(step -> isCostly(step, large))
        .map(step -> step.getOrDefault("table", "none"))
        .distinct()
        .toList();
  }

  private static boolean isCostly(Map<String, String> step, long large) {
    String extra = step.getOrDefault("extra", "");
    boolean isWhole =
        step.getOrDefault("type", "").equals("ALL") || extra.contains("Using filesort");
    return isWhole && rows(step) >= large;
  }

  /** MariaDB prints more than the number where it filters by another index: {@code 10 (5%)}. */
  private static long rows(Map<String, String> step) {
    String digits = step.getOrDefault("rows", "").replaceFirst("[^0-9].*", "");
    return digits.isEmpty() ? 0 : Long.parseLong(digits);
  }

  /** For people. */
  @Override
  public String toString() {
    return steps.stream()
        .map(
            step ->
                "table %s, type %s, key %s, about %s rows, %s"
                    .formatted(
                        step.getOrDefault("table", "none"),
                        step.getOrDefault("type", "none"),
                        step.getOrDefault("key", "none"),
                        step.getOrDefault("rows", "0"),
                        step.getOrDefault("extra", "")))
        .collect(Collectors.joining("; "));
  }
}

package freshet.indexer.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path into JSON, written as both servers write it: {@code $.a}, {@code $."two words"}, {@code
 * $.a[0]}, {@code $.a[*].b}. It is followed here and not in the server, whose functions fail the
 * whole page, or give NULL, for one row that holds no JSON.
 *
 * @param steps from the root
 */
public record JsonPath(List<Step> steps) {
  private static final Pattern STEP =
      Pattern.compile(
          "\\.(?<name>[\\p{L}_$][\\p{L}\\p{N}_$]*)|\\.\"(?<quoted>(?:[^\"\\\\]|\\\\.)*)\""
              + "|\\[(?<index>[0-9]{1,9})\\]|(?<all>\\[\\*\\])");

  /** One step down. */
  public sealed interface Step {
    /** The member of that name. */
    record Member(String name) implements Step {}

    /** The element of an array; the first is 0. */
    record Element(int index) implements Step {}

    /** All elements of an array. */
    record All() implements Step {}
  }

  /** Copies the list. */
  public JsonPath {
    steps = List.copyOf(steps);
  }

  /**
   * Reads a path.
   *
   * @throws IllegalArgumentException that says what is expected
   */
  public static JsonPath parse(String text) {
    List<Step> steps = new ArrayList<>();
    Matcher step = STEP.matcher(text);
    int at = 1;
    while (text.startsWith("$") && step.region(at, text.length()).lookingAt()) {
      steps.add(step(step));
      at = step.end();
    }
    if (!text.startsWith("$") || at < text.length()) {
      throw new IllegalArgumentException(
          "a path such as $.color, $.\"two words\", $.sizes[0] or $.tags[*].name is expected");
    }
    return new JsonPath(steps);
  }

  private static Step step(Matcher step) {
    String name = step.group("name");
    String quoted = step.group("quoted");
    String index = step.group("index");
    if (name != null) {
      return new Step.Member(name);
    }
    if (quoted != null) {
      return new Step.Member(quoted.replaceAll("\\\\(.)", "$1"));
    }
    return index == null ? new Step.All() : new Step.Element(Integer.parseInt(index));
  }

  /** Whether it may lead to several values. */
  public boolean isOfSeveral() {
    return steps.contains(new Step.All());
  }

  /** What is there; nothing if there is no such member or element. */
  List<JsonNode> find(JsonNode root) {
    List<JsonNode> found = List.of(root);
    for (Step step : steps) {
      List<JsonNode> next = new ArrayList<>();
      for (JsonNode node : found) {
        switch (step) {
          case Step.Member(String name) -> next.add(node.path(name));
          case Step.Element(int index) -> next.add(node.path(index));
          case Step.All() -> {
            if (node.isArray()) {
              node.forEach(next::add);
            }
          }
        }
      }
      found = next;
    }
    return found.stream().filter(node -> !node.isMissingNode() && !node.isNull()).toList();
  }
}

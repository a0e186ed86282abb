package freshet.replicator.search;

import freshet.replicator.search.SearchException.BadRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parameters of a search as they stand in a URL: {@code q}, {@code city} (repeatable, {@code *}
 * is all), {@code filter} (repeatable), {@code near}, {@code sort}, {@code highlight}, {@code
 * from}, {@code size}, {@code timeout}.
 */
public final class SearchParameters {
  private static final Set<String> KNOWN =
      new TreeSet<>(
          List.of("q", "city", "filter", "near", "sort", "highlight", "from", "size", "timeout"));
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s)");

  private SearchParameters() {}

  /**
   * Reads decoded parameters.
   *
   * @throws BadRequest if one is unknown, or has no sense
   */
  public static SearchRequest parse(Map<String, List<String>> parameters) throws BadRequest {
    for (String name : parameters.keySet()) {
      if (!KNOWN.contains(name)) {
        throw new BadRequest("parameter", name, "one of " + String.join(", ", KNOWN));
      }
    }
    List<Filter> filters = new ArrayList<>();
    for (String text : parameters.getOrDefault("filter", List.of())) {
      filters.add(Filter.parse(text));
    }
    Optional<String> near = single(parameters, "near");
    Optional<String> sort = single(parameters, "sort");
    Optional<String> timeout = single(parameters, "timeout");
    List<String> cities = parameters.getOrDefault("city", List.of());
    return new SearchRequest(
        single(parameters, "q").orElse(""),
        cities.contains("*") ? List.of() : cities,
        filters,
        near.isEmpty() ? null : Near.parse(near.get()),
        sort.isEmpty() ? List.of() : SortKey.parse(sort.get()),
        single(parameters, "highlight").map(SearchParameters::names).orElse(List.of()),
        number(parameters, "from", 0),
        number(parameters, "size", SearchRequest.DEFAULT_SIZE),
        timeout.isEmpty() ? null : duration(timeout.get()));
  }

  private static Optional<String> single(Map<String, List<String>> parameters, String name)
      throws BadRequest {
    List<String> values = parameters.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new BadRequest(name, String.join("', '", values), "one value");
    }
    return values.stream().map(String::strip).filter(value -> !value.isEmpty()).findFirst();
  }

  private static List<String> names(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).toList();
  }

  static int number(Map<String, List<String>> parameters, String name, int otherwise)
      throws BadRequest {
    Optional<String> text = single(parameters, name);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      int value = Integer.parseInt(text.get());
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below, with what is expected.
    }
    throw new BadRequest(name, text.get(), "a whole number from 0");
  }

  private static Duration duration(String text) throws BadRequest {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new BadRequest("timeout", text, "a duration such as 200ms or 3s");
    }
    long amount = Long.parseLong(matcher.group(1));
    return matcher.group(2).equals("s") ? Duration.ofSeconds(amount) : Duration.ofMillis(amount);
  }
}

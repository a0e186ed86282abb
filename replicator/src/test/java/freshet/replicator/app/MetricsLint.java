package freshet.replicator.app;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks a whole scrape of /metrics against the conventions of Prometheus, where promtool is not
 * installed, too: a HELP and a TYPE for each family, base units, {@code _total} for counters alone,
 * no reserved labels, and few series.
 */
public final class MetricsLint {
  private static final int MOST_SERIES = 200;
  private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) ([a-z_][a-z0-9_]*) ?(.*)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-z_][a-z0-9_]*)(?:\\{(.*)})? (NaN|[-+]?Inf|[-+0-9.eE]+)");
  private static final Pattern LABEL = Pattern.compile("([a-z_][a-z0-9_]*)=\"");
  private static final Pattern NOT_BASE =
      Pattern.compile(
          ".*_(ms|millis|milliseconds|micros|nanos|minutes|hours|days|kb|mb|gb|kilobytes|megabytes"
              + "|percent)(_total)?");

  private final Map<String, String> help = new HashMap<>();
  private final Map<String, String> types = new HashMap<>();
  private final Map<String, Integer> series = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  private MetricsLint() {}

  /** What is wrong with it; empty if nothing is. */
  public static List<String> problems(String scrape) {
    MetricsLint lint = new MetricsLint();
    scrape.lines().forEach(lint::line);
    lint.series.forEach(lint::family);
    return lint.problems;
  }

  private void line(String line) {
    Matcher comment = COMMENT.matcher(line);
    if (comment.matches()) {
      Map<String, String> of = comment.group(1).equals("HELP") ? help : types;
      if (of.put(comment.group(2), comment.group(3)) != null) {
        problems.add("told twice: " + line);
      }
      return;
    }
    Matcher sample = SAMPLE.matcher(line);
    if (!sample.matches()) {
      problems.add("no sample: " + line);
      return;
    }
    String family = family(sample.group(1));
    series.merge(family, 1, Integer::sum);
    if (sample.group(2) != null) {
      labels(family, sample.group(2));
    }
  }

  private String family(String name) {
    String base = name.replaceFirst("_(bucket|count|sum)$", "");
    String type = types.getOrDefault(base, "");
    return type.equals("histogram") || type.equals("summary") ? base : name;
  }

  private void labels(String family, String labels) {
    Set<String> names = new HashSet<>();
    Matcher matcher = LABEL.matcher(labels);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    String type = types.getOrDefault(family, "");
    if (names.contains("le") && !type.equals("histogram")) {
      problems.add(family + ": the label le belongs to histograms");
    }
    if (names.contains("quantile") && !type.equals("summary")) {
      problems.add(family + ": the label quantile belongs to summaries");
    }
  }

  private void family(String name, int count) {
    String type = types.getOrDefault(name, "");
    if (help.getOrDefault(name, "").isBlank()) {
      problems.add(name + ": no HELP");
    }
    if (type.isEmpty() || type.equals("untyped")) {
      problems.add(name + ": no TYPE");
    }
    if (name.endsWith("_total") != type.equals("counter")) {
      problems.add(name + ": _total is for counters, and all of them, not for a " + type);
    }
    if (NOT_BASE.matcher(name).matches()) {
      problems.add(name + ": no base unit");
    }
    if (count > MOST_SERIES) {
      problems.add("%s: %d series".formatted(name, count));
    }
  }
}

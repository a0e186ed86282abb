package freshet.indexer.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import freshet.indexer.demo.compare.Difference;
import freshet.indexer.demo.data.ChangeKind;
import freshet.indexer.demo.fleet.AgeSamples.Ages;
import freshet.indexer.demo.fleet.Damage;
import freshet.replicator.command.Json;
import freshet.replicator.runtime.Count;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a demo ended.
 *
 * @param verdict whether it is a success
 * @param seed of all draws
 * @param duration of the changing
 * @param documents in the database at the end
 * @param changes how many of each kind were committed
 * @param changesPerSecond of all kinds together
 * @param generations that the master published while data changed
 * @param lastGeneration the one that was compared
 * @param rescuedByOverlap documents that were found behind the cursor of the polls
 * @param kills how often a process was killed
 * @param ages of each slave
 * @param wordsSearched words of edits that were searched for on each slave
 * @param differenceCount of all slaves
 * @param differences the first of them
 * @param sabotages what was damaged on purpose
 * @param problems what else is not as it should be
 */
record Summary(
    Verdict verdict,
    long seed,
    Duration duration,
    long documents,
    Map<ChangeKind, Long> changes,
    double changesPerSecond,
    long generations,
    @Nullable String lastGeneration,
    long rescuedByOverlap,
    int kills,
    Map<String, Ages> ages,
    int wordsSearched,
    long differenceCount,
    List<Difference> differences,
    List<Damage> sabotages,
    List<String> problems) {

  /** Whether it is a success. */
  enum Verdict {
    /** All slaves equal the database, and everything that had to occur did. */
    @JsonProperty("equal")
    EQUAL,
    /** A slave differs from the database. */
    @JsonProperty("different")
    DIFFERENT,
    /** All are equal, but something that had to occur did not: nothing is proved. */
    @JsonProperty("incomplete")
    INCOMPLETE
  }

  Summary {
    EnumMap<ChangeKind, Long> byKind = new EnumMap<>(ChangeKind.class);
    byKind.putAll(changes);
    changes = Collections.unmodifiableMap(byKind);
    ages = Collections.unmodifiableMap(new TreeMap<>(ages));
    differences = List.copyOf(differences);
    sabotages = List.copyOf(sabotages);
    problems = List.copyOf(problems);
  }

  /** What follows from differences and problems. */
  static Verdict verdict(long differenceCount, List<String> problems) {
    if (differenceCount > 0) {
      return Verdict.DIFFERENT;
    }
    return problems.isEmpty() ? Verdict.EQUAL : Verdict.INCOMPLETE;
  }

  /** What was damaged without being named by one of the differences. */
  List<Damage> unnoticed() {
    Set<String> named = new HashSet<>();
    differences.forEach(difference -> named.add(Long.toString(difference.document())));
    return sabotages.stream().filter(damage -> !named.contains(damage.document())).toList();
  }

  /** One JSON object; durations in ISO 8601. */
  String json() {
    return Json.pretty(this);
  }

  /** Some lines for people. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("documents      %,d".formatted(documents));
    lines.add("changes        " + changesLine());
    lines.add("generations    %,d, the last is %s".formatted(generations, lastGeneration));
    lines.add("rescued        %s by the overlap".formatted(Count.of(rescuedByOverlap, "document")));
    if (kills > 0) {
      lines.add("kills          %d".formatted(kills));
    }
    ages.forEach(
        (slave, age) ->
            lines.add(
                "age of %-7s p50 %s, p99 %s, max %s"
                    .formatted(slave, seconds(age.p50()), seconds(age.p99()), seconds(age.max()))));
    sabotages.forEach(damage -> lines.add("sabotage       " + damage.describe()));
    lines.add(
        "compared       every document with all stored fields, %,d words searched"
            .formatted(wordsSearched));
    differences.forEach(difference -> lines.add("difference     " + difference.describe()));
    if (differenceCount > differences.size()) {
      lines.add("               and %,d more".formatted(differenceCount - differences.size()));
    }
    problems.forEach(problem -> lines.add("problem        " + problem));
    lines.add(
        "verdict        "
            + switch (verdict) {
              case EQUAL -> "equal: every slave serves what the database holds";
              case DIFFERENT -> "different: %,d differences".formatted(differenceCount);
              case INCOMPLETE -> "incomplete: see the problems";
            });
    return lines;
  }

  private String changesLine() {
    List<String> parts = new ArrayList<>();
    changes.forEach((kind, count) -> parts.add("%,d %s".formatted(count, kind.plural())));
    return "%s (%.1f a second)".formatted(String.join(", ", parts), changesPerSecond);
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }
}

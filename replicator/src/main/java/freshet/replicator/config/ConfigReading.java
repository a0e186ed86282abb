package freshet.replicator.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the sections of one file share while it is read. Used by one thread. */
final class ConfigReading {
  private final String file;
  private final Environment environment;
  private final List<ConfigProblem> problems = new ArrayList<>();
  private final List<ConfigSection> sections = new ArrayList<>();
  private final SortedSet<String> asked = new TreeSet<>();
  private @Nullable ConfigProblem broken;
  private Path home;

  ConfigReading(String file, Path home, Environment environment) {
    this.file = file;
    this.home = home;
    this.environment = environment;
  }

  void problem(int line, String key, @Nullable String value, String expected) {
    problem(line, key, value, expected, null);
  }

  void problem(
      int line, String key, @Nullable String value, String expected, @Nullable String suggestion) {
    problems.add(new ConfigProblem(file, line, key, value, expected, suggestion));
  }

  /** Says that the text can't be read at all, so that nothing else is known of it. */
  void broken(int line, String what) {
    problem(line, "", null, what);
    broken = problems.getLast();
  }

  int problemCount() {
    return problems.size();
  }

  /** Whether a key, or one below it, has a problem; with an empty path, whether any has. */
  boolean hasProblemBelow(String path) {
    return problems.stream()
        .map(ConfigProblem::key)
        .anyMatch(
            key ->
                path.isEmpty()
                    || key.equals(path)
                    || key.startsWith(path + ".")
                    || key.startsWith(path + "["));
  }

  List<ConfigProblem> problems() {
    return broken != null
        ? List.of(broken)
        : problems.stream().sorted(Comparator.comparingInt(ConfigProblem::line)).toList();
  }

  Environment environment() {
    return environment;
  }

  void opened(ConfigSection section) {
    sections.add(section);
  }

  List<ConfigSection> sections() {
    return Collections.unmodifiableList(sections);
  }

  /** Notes a key that somebody asked for, with [] for every position in a list. */
  void asked(String shape) {
    asked.add(shape);
  }

  SortedSet<String> asked() {
    return Collections.unmodifiableSortedSet(asked);
  }

  Path home() {
    return home;
  }

  void moveHome(Path folder) {
    home = folder;
  }
}

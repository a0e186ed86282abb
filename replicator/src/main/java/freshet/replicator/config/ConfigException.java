package freshet.replicator.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that can't be used. Its message has every problem, one a line. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  /** Reports these problems, at least one. */
  public ConfigException(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** All of them, by line. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}

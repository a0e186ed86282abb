package freshet.replicator.command;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** A command line with verbs. */
public final class Verbs {
  private Verbs() {}

  /**
   * Makes the command line for these arguments. If they begin with a verb, it knows that one alone:
   * to look at all the others takes a tenth of a short verb's time. Else it knows all of them.
   *
   * @param main the command without its verbs
   * @param verbs annotated with their names
   */
  public static CommandLine commandLine(Object main, List<Class<?>> verbs, String... arguments) {
    CommandLine line = new CommandLine(main);
    Optional<Class<?>> asked =
        arguments.length == 0
            ? Optional.empty()
            : verbs.stream().filter(verb -> name(verb).equals(arguments[0])).findFirst();
    asked.<List<Class<?>>>map(List::of).orElse(verbs).forEach(line::addSubcommand);
    return line;
  }

  private static String name(Class<?> verb) {
    return Objects.requireNonNull(verb.getAnnotation(Command.class), verb.getName()).name();
  }
}

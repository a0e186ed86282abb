package freshet.replicator.command;

import freshet.replicator.config.ConfigException;
import freshet.replicator.runtime.IoReason;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * A verb of a command line. A verb's own class has its options and {@link #perform}; failures come
 * to {@link #run} as exceptions, which become a message on standard error and an exit code.
 */
public abstract class Verb implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration; by default the role's own in conf/.")
  @Nullable Path config;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing unless it fails or somebody has to be told, as cron likes it.")
  boolean isQuiet;

  private final String defaultConfig;
  private final boolean isReading;

  /**
   * A verb of a role.
   *
   * @param defaultConfig its configuration, relative to the installation
   * @param isReading whether it only tells something, so that its result is all that matters
   */
  protected Verb(String defaultConfig, boolean isReading) {
    this.defaultConfig = defaultConfig;
    this.isReading = isReading;
  }

  /** Does what the verb is for. */
  protected abstract ExitCode perform() throws Exception;

  @Override
  public final Integer call() throws Exception {
    if (isQuiet) {
      Logging.errorsOnly();
    } else if (isReading) {
      Logging.warnOnly();
    }
    return perform().code();
  }

  /** The configuration file that was named, or the role's own. */
  protected final Path configFile() {
    Path named = config;
    return named == null ? Installation.file(defaultConfig) : named;
  }

  /** The configuration file that was named; empty if none was. */
  protected final Optional<Path> namedConfig() {
    return Optional.ofNullable(config);
  }

  /** Whether nothing is to be said unless it fails. */
  protected final boolean isQuiet() {
    return isQuiet;
  }

  /** Prints a line of the result to standard output, unless asked to be quiet. */
  protected final void print(String line) {
    if (isQuiet) {
      return;
    }
    commandLine().getOut().println(told(line));
    commandLine().getOut().flush();
  }

  /** Says a line to people, on standard error. */
  protected final void say(String line) {
    if (isQuiet) {
      return;
    }
    PrintWriter err = commandLine().getErr();
    err.println(told(line));
    err.flush();
  }

  private String told(String text) {
    Path named = config;
    return named == null
        ? text
        : new NextCommands(commandLine().getCommandSpec().root().name(), named).in(text);
  }

  private CommandLine commandLine() {
    CommandSpec own = spec;
    if (own == null) {
      throw new IllegalStateException("a verb runs through its command line");
    }
    return own.commandLine();
  }

  /**
   * Parses and runs a command line.
   *
   * @param failures names the exit code of a stage's exception; null for one that it doesn't know
   * @return what the process should exit with
   */
  public static int run(CommandLine commandLine, FailureCodes failures, String... arguments) {
    commandLine.setExecutionExceptionHandler(
        (failure, line, parsed) -> report(failure, line, failures).code());
    commandLine.setParameterExceptionHandler(
        (failure, unused) -> {
          if (failure.getCommandLine().getCommand() instanceof LinePlugin plugin) {
            PrintWriter out = failure.getCommandLine().getOut();
            out.println(plugin.misuse(String.valueOf(failure.getMessage())));
            out.flush();
            return failure.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
          }
          PrintWriter err = failure.getCommandLine().getErr();
          err.println(failure.getMessage());
          CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
          err.println(
              "Try: " + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help");
          err.flush();
          return failure.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
        });
    return commandLine.execute(arguments);
  }

  private static ExitCode report(Exception failure, CommandLine line, FailureCodes failures) {
    PrintWriter err = line.getErr();
    ExitCode code = codeOf(failure, failures);
    if (code == ExitCode.INTERNAL && !(failure instanceof CommandException)) {
      err.println("This is a mistake of Freshet's, please report it:");
      failure.printStackTrace(err);
    } else if (code != ExitCode.LOCKED || !isQuiet(line)) {
      // What another run does is no failure, and cron would mail it.
      String message = messageOf(failure);
      err.println(line.getCommand() instanceof Verb verb ? verb.told(message) : message);
    }
    err.flush();
    return code;
  }

  private static boolean isQuiet(CommandLine line) {
    return line.getCommand() instanceof Verb verb && verb.isQuiet;
  }

  private static ExitCode codeOf(Exception failure, FailureCodes failures) {
    return switch (failure) {
      case CommandException own -> own.exitCode();
      case ConfigException config -> ExitCode.CONFIG;
      default -> Optional.ofNullable(failures.of(failure)).orElse(ExitCode.INTERNAL);
    };
  }

  private static String messageOf(Throwable failure) {
    String message = failure.getMessage();
    return failure instanceof IOException disk
        ? IoReason.of(disk)
        : message == null ? failure.toString() : message;
  }
}

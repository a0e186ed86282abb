package freshet.indexer.app;

import freshet.replicator.command.BuildVersion;
import freshet.replicator.command.Logging;
import freshet.replicator.command.Verb;
import freshet.replicator.command.Verbs;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** {@code bin/indexer VERB}. */
@Command(
    name = "bin/indexer",
    description = "The master's role: polls MySQL, builds an index for each city, publishes.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = BuildVersion.class,
    synopsisSubcommandLabel = "VERB",
    footer = "Exit codes and configuration: docs/configuration.md")
public final class IndexerMain {
  static final String CONFIG = "conf/indexer.yaml";

  private static final List<Class<?>> VERBS =
      List.of(
          InitVerb.class,
          CheckConfigVerb.class,
          PreviewVerb.class,
          DoctorVerb.class,
          BuildVerb.class,
          RebuildVerb.class,
          RunVerb.class,
          PauseVerb.class,
          ResumeVerb.class,
          StatusVerb.class,
          DiffVerb.class,
          ExplainVerb.class,
          CityVerb.class,
          QuarantineVerb.class,
          IncidentVerb.class,
          TakeoverVerb.class,
          TestAlertVerb.class);

  private IndexerMain() {}

  /** Runs a verb and exits with its code. */
  public static void main(String... arguments) {
    Logging.configure();
    System.exit(Verb.run(commandLine(arguments), new IndexerFailures(), arguments));
  }

  /**
   * Runs a verb inside this process.
   *
   * @param talk takes what it says and prints
   * @return what a process of its own would exit with
   */
  public static int run(PrintWriter talk, String... arguments) {
    CommandLine line = commandLine(arguments).setOut(talk).setErr(talk);
    return Verb.run(line, new IndexerFailures(), arguments);
  }

  /** What these arguments need. */
  static CommandLine commandLine(String... arguments) {
    return Verbs.commandLine(new IndexerMain(), VERBS, arguments);
  }
}

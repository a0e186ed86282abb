package freshet.replicator.app;

import freshet.replicator.command.BuildVersion;
import freshet.replicator.command.Logging;
import freshet.replicator.command.Verb;
import freshet.replicator.command.Verbs;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** {@code bin/replicator VERB}. */
@Command(
    name = "bin/replicator",
    description = "The slave's role: pulls snapshots of the search index and searches them.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = BuildVersion.class,
    synopsisSubcommandLabel = "VERB",
    footer = "Exit codes and configuration: docs/configuration.md")
public final class ReplicatorMain {
  static final String CONFIG = "conf/replicator.yaml";

  /** Of verbs about a repository, which on a master is the one that it publishes to. */
  static final String REPOSITORY_CONFIG = "conf/serve.yaml";

  private static final List<Class<?>> VERBS =
      List.of(
          ApproveVerb.class,
          CheckConfigVerb.class,
          CheckFreshnessVerb.class,
          ExplainVerb.class,
          ExportVerb.class,
          ImportVerb.class,
          InitVerb.class,
          IncidentVerb.class,
          PauseVerb.class,
          PullVerb.class,
          RejectVerb.class,
          ResumeVerb.class,
          RunVerb.class,
          ServeVerb.class,
          SearchVerb.class,
          SnapshotsVerb.class,
          StatusVerb.class,
          TestAlertVerb.class);

  private ReplicatorMain() {}

  /** Runs a verb and exits with its code. */
  public static void main(String... arguments) {
    Logging.configure();
    System.exit(Verb.run(commandLine(arguments), new ReplicatorFailures(), arguments));
  }

  /** What these arguments need. */
  public static CommandLine commandLine(String... arguments) {
    return Verbs.commandLine(new ReplicatorMain(), VERBS, arguments);
  }
}

package freshet.replicator.app;

import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.config.ConfigException;
import freshet.replicator.review.FailureTimesOptions;
import freshet.replicator.review.IncidentFiles;
import freshet.replicator.review.IncidentListOptions;
import freshet.replicator.review.IncidentShowOptions;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.RepositoryLayout;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The incidents of a slave or server, open and past, and what it was like before them. */
@Command(
    name = "incident",
    description =
        "List incidents, show one with the minute before it, count failures by the clock.",
    subcommands = {
      IncidentVerb.Listing.class,
      IncidentVerb.Show.class,
      IncidentVerb.Failures.class
    },
    synopsisSubcommandLabel = "list|show|failures")
final class IncidentVerb {
  private IncidentVerb() {}

  /** All of them. */
  @Command(name = "list", description = "List open and past incidents, the newest first.")
  static final class Listing extends Verb {
    @Mixin private IncidentListOptions options = new IncidentListOptions();

    Listing() {
      super(ReplicatorMain.CONFIG, true);
    }

    @Override
    protected ExitCode perform() throws Exception {
      options.lines(files(configFile()), "bin/replicator").forEach(this::print);
      return ExitCode.OK;
    }
  }

  /** One of them. */
  @Command(name = "show", description = "Show all of an incident, and the minute before it.")
  static final class Show extends Verb {
    @Mixin private IncidentShowOptions options = new IncidentShowOptions();

    Show() {
      super(ReplicatorMain.CONFIG, true);
    }

    @Override
    protected ExitCode perform() throws Exception {
      options.lines(files(configFile()), new SystemTime()).forEach(this::print);
      return ExitCode.OK;
    }
  }

  /** By the clock. */
  @Command(
      name = "failures",
      description =
          "Count failures by hour of the day and minute of the hour, to expose what cron does.")
  static final class Failures extends Verb {
    @Mixin private FailureTimesOptions options = new FailureTimesOptions();

    Failures() {
      super(ReplicatorMain.CONFIG, true);
    }

    @Override
    protected ExitCode perform() throws Exception {
      options.lines(files(configFile()), new SystemTime()).forEach(this::print);
      return ExitCode.OK;
    }
  }

  /** Of the slave of a configuration, or of the server where it only serves. */
  private static IncidentFiles files(Path file) throws ConfigException {
    ReplicatorConfig config = ReplicatorConfig.read(file, System.getenv());
    Path served = config.repository();
    return config.remote() == null && served != null
        ? ServerWatch.files(config, new RepositoryLayout(served))
        : SlaveFlight.files(config);
  }
}

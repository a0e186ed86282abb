package freshet.replicator.app;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.config.ConfigException;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which repository a verb is about: that of a master, or a slave's store. */
final class RepositoryOptions {
  @Option(
      names = "--repository",
      paramLabel = "FOLDER",
      description =
          "The repository; by default repository.folder of the configuration, or else its"
              + " store.folder.")
  private @Nullable Path folder;

  /**
   * The repository.
   *
   * @param config the file to ask if no folder is given
   */
  LocalRepository open(Path config) throws ConfigException, CommandException {
    Path named = folder;
    if (named == null) {
      ReplicatorConfig read = ReplicatorConfig.read(config, System.getenv());
      Path configured = read.repository();
      named = configured == null ? read.store().folder() : configured;
    }
    LocalRepository repository = new LocalRepository(new RepositoryLayout(named));
    if (!Files.exists(repository.layout().latest())) {
      throw new CommandException(
          ExitCode.TRY_AGAIN,
          "%s: there is no LATEST, so nothing was published yet, or it is no repository: name it with --repository FOLDER"
              .formatted(named));
    }
    return repository;
  }

  /** The same, for a verb that writes there. */
  LocalRepository openToWrite(Path config) throws ConfigException, CommandException {
    LocalRepository repository = open(config);
    HostGate.writes(repository.layout().root());
    return repository;
  }

  /** Refuses a repository in which no master publishes: what is held and ordered is a master's. */
  static void requireMaster(LocalRepository repository) throws IOException, CommandException {
    if (!repository.isOfMaster()) {
      throw new CommandException(
          ExitCode.USAGE,
          "%s is a slave's store or a copy, and cities are held where the master publishes: run this on its host, with --repository FOLDER if its repository is another one"
              .formatted(repository.layout().root()));
    }
  }

  /** What LATEST names. */
  static Snapshot latest(LocalRepository repository) throws IOException, CommandException {
    return repository.latestSnapshot().orElseThrow(() -> latestIsGone(repository));
  }

  /** It was there a moment ago. */
  static CommandException latestIsGone(LocalRepository repository) {
    return new CommandException(
        ExitCode.TRY_AGAIN, repository.layout().root() + ": LATEST is gone");
  }

  /** The generation of an argument, which has a manifest there. */
  static Generation generation(LocalRepository repository, String text)
      throws IOException, CommandException {
    Generation generation;
    try {
      generation = Generation.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          ExitCode.USAGE, e.getMessage() + "; see: bin/replicator snapshots list", e);
    }
    if (!repository.generations().contains(generation)) {
      throw new CommandException(
          ExitCode.USAGE,
          "there is no snapshot %s in %s; see: bin/replicator snapshots list"
              .formatted(generation, repository.layout().root()));
    }
    return generation;
  }
}

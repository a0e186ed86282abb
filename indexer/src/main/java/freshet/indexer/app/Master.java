package freshet.indexer.app;

import freshet.indexer.build.BuildException;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.config.IndexerConfig;
import freshet.indexer.quarantine.FileQuarantine;
import freshet.indexer.route.RoutingTable;
import freshet.indexer.schedule.Cycle;
import freshet.indexer.schedule.CycleOptions;
import freshet.indexer.schedule.Stages;
import freshet.indexer.session.ConnectGate;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.Sessions;
import freshet.indexer.source.FileSourceMemory;
import freshet.indexer.source.MySqlSource;
import freshet.replicator.app.HostGate;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.files.DiskSpace;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.files.ProcessLock;
import freshet.replicator.publish.PublishException;
import freshet.replicator.publish.PublishOptions;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/** The stages of a master, opened together under the lock of the working folder. */
public final class Master implements AutoCloseable {
  private final ProcessLock lock;
  private final Stages stages;
  private final Cycle cycle;
  private final FileQuarantine quarantine;

  private Master(ProcessLock lock, Stages stages, Cycle cycle, FileQuarantine quarantine) {
    this.lock = lock;
    this.stages = stages;
    this.cycle = cycle;
    this.quarantine = quarantine;
  }

  /**
   * Opens everything.
   *
   * @param verb who holds the lock, for whoever meets it
   * @param listener hears of connections to the database
   * @param rebuild whether a changed schema makes everything be read anew
   */
  public static Master open(
      IndexerConfig config,
      String verb,
      boolean rebuild,
      SessionListener listener,
      Time time,
      StopSignal stop)
      throws CommandException, IOException, BuildException, PublishException {
    RandomGenerator random = new SecureRandom();
    ProcessLock lock = lock(config, verb, time);
    Deque<AutoCloseable> opened = new ArrayDeque<>(List.of(lock));
    try {
      LocalRepository repository = repository(config);
      HostGate.pass(config.work(), config.repository().folder(), Host.needs(config));
      CityIndexes cities =
          CityIndexes.open(citiesFolder(config), config.build(), config.schema(), random, time);
      opened.push(cities);
      RoutingTable routes = RoutingTable.open(config.work().resolve("routing"));
      opened.push(routes);
      SnapshotPublisher publisher =
          SnapshotPublisher.open(repository, publishOptions(config), time, random);
      FileQuarantine quarantine =
          new FileQuarantine(config.quarantine().file(), config.quarantine().maxBytes(), time);
      MySqlSource source =
          new MySqlSource(
              config.source(),
              config.schema(),
              new Sessions(
                  config.source().session(),
                  new ConnectGate(config.source().session()),
                  time,
                  random,
                  stop,
                  listener),
              time,
              stop,
              quarantine,
              new FileSourceMemory(config.work().resolve("source.json")));
      Stages stages = new Stages(source, cities, routes, publisher, repository);
      return new Master(
          lock, stages, new Cycle(stages, new CycleOptions(rebuild), time), quarantine);
    } catch (IOException | BuildException | PublishException | RuntimeException e) {
      closeAfter(e, opened);
      throw e;
    }
  }

  /** Takes over a repository that another master owned. */
  static SnapshotPublisher takeOver(IndexerConfig config, Time time)
      throws IOException, CommandException, PublishException {
    ProcessLock lock = lock(config, "takeover", time);
    try {
      return SnapshotPublisher.takeover(
          repository(config), publishOptions(config), time, new SecureRandom());
    } finally {
      lock.close();
    }
  }

  /** Where the working indexes are. */
  static Path citiesFolder(IndexerConfig config) {
    return config.work().resolve("cities");
  }

  /** The lock of the working folder; the file names its holder. */
  static Path lockFile(IndexerConfig config) {
    return config.work().resolve("indexer.lock");
  }

  /** Its cycles. */
  public Cycle cycle() {
    return cycle;
  }

  CityIndexes cities() {
    return stages.cities();
  }

  SnapshotPublisher publisher() {
    return stages.publisher();
  }

  LocalRepository repository() {
    return stages.repository();
  }

  FileQuarantine quarantine() {
    return quarantine;
  }

  @Override
  public void close() throws IOException {
    stages.source().close();
    stages.publisher().close();
    try {
      stages.routes().close();
      stages.cities().close();
    } finally {
      lock.close();
    }
  }

  private static LocalRepository repository(IndexerConfig config)
      throws IOException, CommandException {
    Path folder = config.repository().folder();
    DurableFiles.createFolders(folder);
    if (!DiskSpace.shareFileSystem(config.work(), folder)) {
      throw new CommandException(
          ExitCode.CONFIG,
          "index.folder %s and repository.folder %s are on different file systems: files are shared"
                  .formatted(config.work(), folder)
              + " between them by hard links; put both on one");
    }
    return new LocalRepository(new RepositoryLayout(folder));
  }

  private static PublishOptions publishOptions(IndexerConfig config) {
    return new PublishOptions(
        config.work().resolve("publisher.json"),
        config.repository().fullManifestEvery(),
        config.repository().retention());
  }

  private static ProcessLock lock(IndexerConfig config, String verb, Time time)
      throws IOException, CommandException {
    DurableFiles.createFolders(config.work());
    String holder =
        "bin/indexer %s, process %d, since %s"
            .formatted(verb, ProcessHandle.current().pid(), time.now());
    return switch (ProcessLock.tryTake(lockFile(config), holder)) {
      case ProcessLock.Attempt.Taken taken -> taken.lock();
      case ProcessLock.Attempt.Held held ->
          throw new CommandException(
              ExitCode.LOCKED,
              "%s is at work in %s: it does what this one would do"
                  .formatted(held.holder(), config.work()));
    };
  }

  private static void closeAfter(Exception because, Deque<AutoCloseable> opened) {
    for (AutoCloseable one : opened) {
      try {
        one.close();
      } catch (Exception e) {
        because.addSuppressed(e);
      }
    }
  }
}

package freshet.indexer.app;

import freshet.indexer.build.BuildException;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.config.IndexerConfig;
import freshet.indexer.quarantine.FileQuarantine;
import freshet.indexer.rebuild.RebuildFolder;
import freshet.indexer.schedule.Adoption;
import freshet.indexer.schedule.CityBackoff;
import freshet.indexer.schedule.Cycle;
import freshet.indexer.schedule.CycleReport;
import freshet.indexer.schedule.ShippingAhead;
import freshet.indexer.session.SessionListener;
import freshet.replicator.app.HostGate;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.files.DiskSpace;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.files.ProcessLock;
import freshet.replicator.pause.PauseWatch;
import freshet.replicator.publish.PublishException;
import freshet.replicator.publish.PublishOptions;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** The stages of a master, opened together under the lock of the working folder. */
public final class Master implements AutoCloseable {
  private final ProcessLock lock;
  private final Cycle cycle;
  private final FileQuarantine quarantine;
  private final Path work;
  private final PauseWatch pauses;
  private volatile HeldCities held;

  private Master(
      ProcessLock lock,
      Cycle cycle,
      FileQuarantine quarantine,
      Path work,
      PauseWatch pauses,
      HeldCities held) {
    this.lock = lock;
    this.cycle = cycle;
    this.quarantine = quarantine;
    this.work = work;
    this.pauses = pauses;
    this.held = held;
  }

  /**
   * Opens everything.
   *
   * @param file that the configuration was read from
   * @param verb who holds the lock, for whoever meets it
   * @param listener hears of connections to the database
   */
  public static Master open(
      Path file,
      IndexerConfig config,
      String verb,
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
      SnapshotPublisher publisher =
          SnapshotPublisher.open(repository, publishOptions(config), time, random);
      Adoption adoption = adoption(config, publisher, time);
      adoption.complete();
      FileQuarantine quarantine =
          new FileQuarantine(config.quarantine().file(), config.quarantine().maxBytes(), time);
      StageOpening opening =
          new StageOpening(
              file, config, publisher, repository, quarantine, listener, random, time, stop);
      Cycle cycle =
          new Cycle(
              opening.open(),
              opening,
              adoption,
              new TableLoad(file, config, listener, time, stop),
              new CityBackoff(random),
              time);
      return new Master(
          lock,
          cycle,
          quarantine,
          config.work(),
          new PauseWatch(repository.layout(), time),
          HeldCities.read(config.work()));
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

  /** What the source of changes has to know after a restart. */
  static Path sourceMemory(IndexerConfig config) {
    return config.work().resolve("source.json");
  }

  /** Where the routing table is. */
  static Path routingFolder(IndexerConfig config) {
    return config.work().resolve("routing");
  }

  /** The lock of the working folder; the file names its holder. */
  static Path lockFile(IndexerConfig config) {
    return config.work().resolve("indexer.lock");
  }

  /**
   * Runs a cycle, in which paused cities wait, and notes which cities it leaves behind. Used by one
   * thread at a time. Whether everything is paused is for the caller to ask.
   */
  CycleReport run() {
    SortedMap<City, String> paused = new TreeMap<>();
    pauses.now().cities().forEach((city, pause) -> paused.put(city, pause.sentence()));
    cycle.pause(paused);
    CycleReport report = cycle.run();
    held = held.noted(work, report);
    return report;
  }

  /** What people have paused. */
  PauseWatch pauses() {
    return pauses;
  }

  /** The cities that are behind. Safe for use by any thread. */
  HeldCities held() {
    return held;
  }

  /** Its cycles. */
  public Cycle cycle() {
    return cycle;
  }

  /** Those that are open now. */
  CityIndexes cities() {
    return cycle.stages().cities();
  }

  SnapshotPublisher publisher() {
    return cycle.stages().publisher();
  }

  LocalRepository repository() {
    return cycle.stages().repository();
  }

  FileQuarantine quarantine() {
    return quarantine;
  }

  @Override
  public void close() throws IOException {
    try {
      cycle.close();
    } finally {
      cycle.stages().publisher().close();
      lock.close();
    }
  }

  private static Adoption adoption(IndexerConfig config, SnapshotPublisher publisher, Time time) {
    DefinitionInUse inUse = new DefinitionInUse(config.work());
    return new Adoption(
        RebuildFolder.in(config.work()),
        citiesFolder(config),
        routingFolder(config),
        inUse.file(),
        ready -> inUse.mismatch(ready, publisher.current().orElse(null)),
        new ShippingAhead(
            RebuildFolder.in(config.work()),
            config.build().merge().advertising().withAtMost(config.advertiseRebuilt()),
            time));
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
        config.repository().retention(),
        config.repository().gate());
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

package freshet.indexer.demo;

import freshet.indexer.demo.client.JsonClient;
import freshet.indexer.demo.compare.Comparison;
import freshet.indexer.demo.data.ChangeKind;
import freshet.indexer.demo.data.DataFileException;
import freshet.indexer.demo.data.DemoDatabase;
import freshet.indexer.demo.data.Heartbeat;
import freshet.indexer.demo.data.ListingFile;
import freshet.indexer.demo.data.ListingGenerator;
import freshet.indexer.demo.data.Workload;
import freshet.indexer.demo.fleet.Daemon;
import freshet.indexer.demo.fleet.Damage;
import freshet.indexer.demo.fleet.Fleet;
import freshet.indexer.demo.fleet.FleetException;
import freshet.indexer.demo.fleet.FleetWatch;
import freshet.indexer.demo.fleet.Killer;
import freshet.indexer.demo.fleet.MasterState;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One demo from start to summary: load, start the processes, change the data, wait for quiet,
 * compare. What it starts it also hands to {@link Closing}. Used by one thread.
 */
final class Demo {
  private static final Duration LONGEST_LOAD = Duration.ofMinutes(3);
  private static final Duration LONGEST_QUIET = Duration.ofSeconds(60);
  private static final Duration LONGEST_SEARCH = Duration.ofSeconds(20);

  private final DemoOptions options;
  private final Path work;
  private final Time time;
  private final Talk talk;
  private final Closing closing;

  Demo(DemoOptions options, Path work, Time time, Talk talk, Closing closing) {
    this.options = options;
    this.work = work;
    this.time = time;
    this.talk = talk;
    this.closing = closing;
  }

  /** How the changing went, and what it left to compare. */
  private record Changed(
      Map<ChangeKind, Long> counts, Set<String> words, Duration duration, int kills) {

    double perSecond() {
      long all = counts.values().stream().mapToLong(Long::longValue).sum();
      return all * 1000.0 / Math.max(1, duration.toMillis());
    }
  }

  Summary run()
      throws IOException, SQLException, DataFileException, FleetException, InterruptedException {
    checkData();
    talk.say("demo: starting a source and a replica (MariaDB, embedded)");
    DemoDatabase database =
        DemoDatabase.start(Path.of(System.getProperty("freshet.home", ".")), time);
    closing.add(database::close);
    long loaded = load(database);
    talk.say("demo: %,d listings loaded".formatted(loaded));
    Heartbeat heartbeat = Heartbeat.start(database);
    closing.add(heartbeat::close);
    Heartbeat canary = Heartbeat.ofCanary(database);
    closing.add(canary::close);
    FleetWatch watch = startFleet(database);
    long firstGeneration = watch.generationNumber();
    URI slave = watch.fleet().slaves().getFirst().url();
    talk.say("demo: all slaves have the listings; try " + View.example(slave));
    // The canary is a listing, too.
    Changed changed = change(database, watch, loaded + 1);
    talk.say("demo: waiting for quiet");
    canary.stop();
    List<String> problems = new ArrayList<>(awaitQuiet(database, watch));
    for (Heartbeat each : List.of(heartbeat, canary)) {
      if (each.failure().isPresent()) {
        throw each.failure().get();
      }
    }
    MasterState master = watch.master();
    String lastGeneration = master == null ? null : master.generation();
    long generations = watch.generationNumber() - firstGeneration;
    problems.addAll(Problems.of(changed.counts(), watch.rescuedByOverlap(), options.lateHold()));
    List<Damage> damages = sabotage(watch);
    Comparison comparison = new Comparison(database, changed.words());
    long documents = compare(comparison, watch.fleet());
    return new Summary(
        Summary.verdict(comparison.differences().count(), problems),
        options.seed(),
        changed.duration(),
        documents,
        changed.counts(),
        changed.perSecond(),
        generations,
        lastGeneration,
        watch.rescuedByOverlap(),
        changed.kills(),
        watch.ages(),
        changed.words().size(),
        comparison.differences().count(),
        comparison.differences().first(),
        damages,
        problems);
  }

  /** A file with a mistake is told about before anything is started. */
  private void checkData() throws SQLException, DataFileException {
    Path file = options.data();
    if (file != null) {
      talk.say("demo: checking " + file);
      ListingFile.read(file, listing -> {});
    }
  }

  private long load(DemoDatabase database) throws SQLException, DataFileException {
    Path file = options.data();
    if (file != null) {
      return database.load(sink -> ListingFile.read(file, sink));
    }
    ListingGenerator generator = new ListingGenerator(options.seed(), options.cities());
    return database.load(
        sink -> {
          for (int i = 0; i < options.documents(); i++) {
            sink.accept(generator.next());
          }
        });
  }

  private FleetWatch startFleet(DemoDatabase database)
      throws IOException, SQLException, FleetException, InterruptedException {
    Fleet fleet = Fleet.create(work, database, options.slaves(), time);
    closing.add(fleet::close);
    FleetWatch watch = new FleetWatch(fleet, time);
    closing.add(watch::close);
    talk.say("demo: starting a master and " + Count.of(options.slaves(), "slave"));
    Instant through = now(database);
    fleet.startAll();
    List<String> behind = watch.awaitComplete(through, LONGEST_LOAD);
    if (!behind.isEmpty()) {
      throw new FleetException(
          "the slaves do not have the listings after %d s:%n%s%nthe master's log ends with:%n%s"
              .formatted(
                  LONGEST_LOAD.toSeconds(), String.join("\n", behind), fleet.master().logTail()));
    }
    return watch;
  }

  private Changed change(DemoDatabase database, FleetWatch watch, long loaded)
      throws SQLException, FleetException, InterruptedException {
    Workload.Plan plan =
        new Workload.Plan(options.seed(), options.changesPerSecond(), options.lateHold());
    long start = time.nanoTime();
    Workload workload = Workload.start(database, plan, time);
    closing.add(workload::close);
    Duration killEvery = options.killEvery();
    Killer killer = null;
    if (killEvery != null) {
      killer = Killer.start(watch.fleet(), killEvery, options.seed());
      closing.add(killer::close);
    }
    new Watching(options.duration(), talk, time, closing).run(watch, workload, killer, loaded);
    workload.stop();
    if (workload.failure().isPresent()) {
      throw workload.failure().get();
    }
    Duration duration = time.since(start);
    if (killer != null) {
      killer.stop();
      if (killer.failure().isPresent()) {
        throw killer.failure().get();
      }
      watch.fleet().startAll();
    }
    return new Changed(
        workload.counts(),
        workload.words().remembered(),
        duration,
        killer == null ? 0 : killer.kills());
  }

  /** A slave that is complete up to now, by the source's clock, has every change. */
  private List<String> awaitQuiet(DemoDatabase database, FleetWatch watch)
      throws SQLException, FleetException, InterruptedException {
    Instant through = now(database);
    database.awaitReplica();
    return watch.awaitComplete(through, LONGEST_QUIET);
  }

  private List<Damage> sabotage(FleetWatch watch)
      throws IOException, FleetException, InterruptedException {
    if (options.sabotages().isEmpty()) {
      return List.of();
    }
    List<Damage> damages = watch.fleet().sabotage(options.sabotages(), options.seed());
    damages.forEach(damage -> talk.say("demo: sabotage: " + damage.describe()));
    watch.awaitAnswers(LONGEST_QUIET);
    return damages;
  }

  private long compare(Comparison comparison, Fleet fleet) throws IOException, SQLException {
    long documents = 0;
    for (Daemon slave : fleet.slaves()) {
      talk.say("demo: comparing %s with the database".formatted(slave.name()));
      try (JsonClient client = new JsonClient(slave.name(), slave.url(), LONGEST_SEARCH)) {
        documents = comparison.compare(client);
      }
    }
    return documents;
  }

  private static Instant now(DemoDatabase database) throws SQLException {
    return Instant.EPOCH.plus(database.nowMicros(), ChronoUnit.MICROS);
  }
}

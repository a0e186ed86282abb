package freshet.indexer.demo.fleet;

import freshet.indexer.demo.data.DemoDatabase;
import freshet.indexer.embedded.FreePorts;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * One master and some slaves, each with a folder, a log and a port of its own, which stay the same
 * over restarts. Thread-safe.
 */
public final class Fleet implements AutoCloseable {
  private static final String MASTER_CLASS = "freshet.indexer.app.IndexerMain";
  private static final String SLAVE_CLASS = "freshet.replicator.app.ReplicatorMain";

  private final Daemon master;
  private final List<Daemon> slaves;
  private final Time time;

  private Fleet(Daemon master, List<Daemon> slaves, Time time) {
    this.master = master;
    this.slaves = List.copyOf(slaves);
    this.time = time;
  }

  /** Writes configurations into a folder; starts nothing. */
  public static Fleet create(Path work, DemoDatabase database, int slaves, Time time)
      throws IOException {
    Path logs = Files.createDirectories(work.resolve("logs"));
    FleetConfig config = new FleetConfig(Files.createDirectories(work.resolve("conf")));
    Path masterFolder = Files.createDirectories(work.resolve("master"));
    int masterPort = FreePorts.find();
    Daemon master =
        new Daemon(
            "master",
            MASTER_CLASS,
            config.master(database, masterFolder, masterPort),
            masterFolder,
            url(masterPort),
            new ProcessLog(logs.resolve("master.log")));
    List<Daemon> all = new ArrayList<>();
    for (int i = 1; i <= slaves; i++) {
      String name = "slave-" + i;
      Path folder = Files.createDirectories(work.resolve(name));
      int port = FreePorts.find();
      all.add(
          new Daemon(
              name,
              SLAVE_CLASS,
              config.slave(name, folder, masterPort, port),
              folder,
              url(port),
              new ProcessLog(logs.resolve(name + ".log"))));
    }
    return new Fleet(master, all, time);
  }

  private static URI url(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The master. */
  public Daemon master() {
    return master;
  }

  /** The slaves. */
  public List<Daemon> slaves() {
    return slaves;
  }

  /** Master and slaves. */
  public List<Daemon> all() {
    List<Daemon> all = new ArrayList<>(slaves);
    all.addFirst(master);
    return all;
  }

  /** Starts whoever doesn't run. */
  public void startAll() throws FleetException {
    for (Daemon daemon : all()) {
      daemon.start();
    }
  }

  /** Fails if one has ended that nobody killed; also keeps the logs small. */
  public void check() throws FleetException {
    for (Daemon daemon : all()) {
      String end = daemon.unexpectedEnd();
      if (end != null) {
        throw new FleetException(end);
      }
      try {
        daemon.log().bound();
      } catch (IOException e) {
        throw new FleetException("the log of " + daemon.name() + " can't be bounded: " + e, e);
      }
    }
  }

  /**
   * Stops the master and the first slave, damages that slave's store, and starts the slave alone,
   * so that nothing heals it. Each kind of damage is done to another document.
   */
  public List<Damage> sabotage(List<Damage.Kind> kinds, long seed)
      throws IOException, FleetException {
    Daemon victim = slaves.getFirst();
    master.stop();
    victim.stop();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Path store = victim.folder().resolve("store");
    List<Damage> damages = new ArrayList<>();
    for (Damage.Kind kind : kinds) {
      damages.add(Sabotage.damage(victim.name(), store, kind, damages, random));
    }
    victim.start();
    return damages;
  }

  /** Ends them all; none can be started any more. */
  @Override
  public void close() {
    all().forEach(Daemon::beginClose);
    long start = time.nanoTime();
    all().forEach(daemon -> daemon.endClose(time, start));
  }
}

package freshet.indexer.demo.fleet;

import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Workers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Kills a daemon (SIGKILL) at each interval, drawn by the seed, and starts it again soon after. */
public final class Killer implements AutoCloseable {
  private static final int LONGEST_PAUSE_MILLIS = 2000;

  private final Fleet fleet;
  private final Duration every;
  private final RandomGenerator random;
  private final StopSignal stop = new StopSignal();
  private final AtomicInteger kills = new AtomicInteger();
  private final AtomicReference<FleetException> failure = new AtomicReference<>();
  private final Thread thread;

  private Killer(Fleet fleet, Duration every, long seed) {
    this.fleet = fleet;
    this.every = every;
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    this.thread = Workers.thread("demo-killer", this::run);
  }

  /** Starts killing. */
  public static Killer start(Fleet fleet, Duration every, long seed) {
    Killer killer = new Killer(fleet, every, seed);
    killer.thread.start();
    return killer;
  }

  private void run() {
    List<Daemon> victims = fleet.all();
    try {
      while (!stop.await(every)) {
        Daemon victim = victims.get(random.nextInt(victims.size()));
        Duration pause = Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MILLIS));
        victim.kill();
        kills.incrementAndGet();
        boolean isOver = stop.await(pause);
        victim.start();
        if (isOver) {
          return;
        }
      }
    } catch (FleetException e) {
      failure.set(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many it has killed. */
  public int kills() {
    return kills.get();
  }

  /** What made it end early, if something did. */
  public Optional<FleetException> failure() {
    return Optional.ofNullable(failure.get());
  }

  /** Stops; returns when the last victim was started again. */
  public void stop() throws InterruptedException {
    stop.request();
    thread.join();
  }

  @Override
  public void close() {
    stop.request();
  }
}

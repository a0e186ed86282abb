package freshet.indexer.demo.data;

import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Keeps changing the listings at a steady rate until stopped, by some threads that share the rate
 * and one that commits late. What it draws is decided by the seed, what order the threads' commits
 * have is not.
 */
public final class Workload implements AutoCloseable {
  private static final int THREADS = 3;
  private static final long LATE_SEED = 7919;

  private final DemoDatabase database;
  private final Plan plan;
  private final Time time;
  private final StopSignal stop = new StopSignal();
  private final UniqueWords words = new UniqueWords();
  private final Map<ChangeKind, LongAdder> counts = new EnumMap<>(ChangeKind.class);
  private final AtomicLong slots = new AtomicLong();
  private final AtomicReference<SQLException> failure = new AtomicReference<>();
  private final List<Thread> threads = new ArrayList<>();

  /**
   * What is to be done.
   *
   * @param seed of all draws
   * @param changesPerSecond without the late commits
   * @param lateHold how long a late transaction stays open after it stamped its rows
   */
  public record Plan(long seed, double changesPerSecond, Duration lateHold) {
    /** Refuses a rate that would never or always change something. */
    public Plan {
      if (!(changesPerSecond > 0 && changesPerSecond <= 100_000)) {
        throw new IllegalArgumentException(
            changesPerSecond + " changes per second: expected more than 0, at most 100000");
      }
    }
  }

  private Workload(DemoDatabase database, Plan plan, Time time) {
    this.database = database;
    this.plan = plan;
    this.time = time;
    for (ChangeKind kind : ChangeKind.values()) {
      counts.put(kind, new LongAdder());
    }
  }

  /** Starts changing what the table holds now. */
  public static Workload start(DemoDatabase database, Plan plan, Time time) throws SQLException {
    Workload workload = new Workload(database, plan, time);
    DemoDatabase.Contents contents = database.contents();
    try {
      for (int i = 0; i < THREADS; i++) {
        RandomGenerator random = random(plan.seed() + 1 + i);
        Changes changes = workload.changes(contents, random);
        workload.thread(
            "demo-changes-" + (i + 1), changes, () -> workload.keepRate(changes, random));
      }
      RandomGenerator random = random(plan.seed() + LATE_SEED);
      Changes late = workload.changes(contents, random);
      workload.thread("demo-late-commits", late, () -> workload.commitLate(late));
    } catch (SQLException | RuntimeException e) {
      workload.close();
      throw e;
    }
    workload.threads.forEach(Thread::start);
    return workload;
  }

  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  private Changes changes(DemoDatabase.Contents contents, RandomGenerator random)
      throws SQLException {
    ListingGenerator texts = new ListingGenerator(random.nextLong(), contents.cities().size());
    return new Changes(database.writer(), contents, words, texts, random);
  }

  private interface Body {
    void run() throws SQLException, InterruptedException;
  }

  private void thread(String name, Changes changes, Body body) {
    threads.add(
        Workers.thread(
            name,
            () -> {
              try (changes) {
                body.run();
              } catch (SQLException e) {
                failure.compareAndSet(null, e);
                stop.request();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }));
  }

  /** Takes the next slot of the rate that all threads share, waits for it, makes a change. */
  private void keepRate(Changes changes, RandomGenerator random)
      throws SQLException, InterruptedException {
    long start = time.nanoTime();
    double nanosPerSlot = 1e9 / plan.changesPerSecond();
    while (!stop.isRequested()) {
      long slot = slots.getAndIncrement();
      long due = (long) (slot * nanosPerSlot) - time.since(start).toNanos();
      if (due > 0 && stop.await(Duration.ofNanos(due))) {
        return;
      }
      ChangeKind kind = kind(slot, random);
      if (changes.make(kind)) {
        count(kind);
      }
    }
  }

  /** Each kind once at first, so that a short demo has them all; then by weight. */
  private static ChangeKind kind(long slot, RandomGenerator random) {
    ChangeKind[] kinds = ChangeKind.values();
    if (slot < kinds.length && kinds[(int) slot].weight() > 0) {
      return kinds[(int) slot];
    }
    int at = random.nextInt(100);
    for (ChangeKind kind : kinds) {
      at -= kind.weight();
      if (at < 0) {
        return kind;
      }
    }
    return ChangeKind.EDIT;
  }

  private void commitLate(Changes changes) throws SQLException, InterruptedException {
    while (!stop.isRequested()) {
      if (changes.holdOpen(plan.lateHold(), stop)) {
        count(ChangeKind.LATE);
      }
      // Not one transaction right after the other: the polls shall see quiet moments too.
      if (stop.await(plan.lateHold().dividedBy(4))) {
        return;
      }
    }
  }

  private void count(ChangeKind kind) {
    Objects.requireNonNull(counts.get(kind)).increment();
  }

  /** How many changes of each kind were committed so far. */
  public Map<ChangeKind, Long> counts() {
    Map<ChangeKind, Long> byKind = new EnumMap<>(ChangeKind.class);
    counts.forEach((kind, count) -> byKind.put(kind, count.sum()));
    return byKind;
  }

  /** The words that edits have put into listings. */
  public UniqueWords words() {
    return words;
  }

  /** What made the workload end early, if something did. */
  public Optional<SQLException> failure() {
    return Optional.ofNullable(failure.get());
  }

  @Override
  public void close() {
    stop();
  }

  /** Stops, and returns when every transaction has ended. */
  public void stop() {
    stop.request();
    boolean wasInterrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          wasInterrupted = true;
        }
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

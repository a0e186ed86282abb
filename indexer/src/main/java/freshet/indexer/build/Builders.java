package freshet.indexer.build;

import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that build: several cities at one time, the largest first.
 *
 * <p>A city that takes longer than its time holds the others up no longer: it counts as failed, and
 * goes on by itself, since a thread inside Lucene can't be stopped and what it has done may as well
 * be kept. A spare thread takes its place, of which there are as many as threads; while all of them
 * are overdue too, nothing more is begun. What an overdue city came to is asked for by {@link
 * #takeEnded}.
 */
final class Builders implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Builders.class);
  private static final long LOOK_AGAIN_MILLIS = 50;
  private static final Duration CLOSE_AT_MOST = Duration.ofSeconds(60);

  private final int size;
  private final Duration cityTimeout;
  private final Time time;
  private final ThreadPoolExecutor threads;
  private final Map<City, Build> overdue = new HashMap<>();

  Builders(int size, Duration cityTimeout, Time time) {
    this.size = size;
    this.cityTimeout = cityTimeout;
    this.time = time;
    this.threads = Workers.fixed("build", size);
  }

  /**
   * What is to be done to a city's index. One that throws has failed.
   *
   * @param city the city, of which there is one job in a call
   * @param size by which the largest come first
   * @param what it is, in words that follow "city x:"
   * @param work that is done on a thread of the builders
   */
  record Job(City city, int size, String what, Supplier<CityOutcome> work) {}

  /** Does each job and waits for all that keep to their time. */
  SortedMap<City, CityOutcome> run(Collection<Job> jobs) {
    List<Job> largestFirst = new ArrayList<>(jobs);
    largestFirst.sort(Comparator.comparingInt(Job::size).reversed());
    SortedMap<City, CityOutcome> outcomes = new TreeMap<>();
    List<Build> builds = new ArrayList<>();
    Map<City, BuildException> late = overdue();
    for (Job job : largestFirst) {
      BuildException since = late.get(job.city());
      if (since == null) {
        Build build = new Build(job);
        builds.add(build);
        threads.execute(build);
      } else {
        outcomes.put(job.city(), new CityOutcome.Failed(since));
      }
    }
    await(() -> areOver(builds));
    builds.forEach(build -> outcomes.put(build.city(), build.outcome()));
    return outcomes;
  }

  /** Cities whose outcome was not taken since they became overdue, and what to say of each. */
  synchronized SortedMap<City, BuildException> overdue() {
    SortedMap<City, BuildException> all = new TreeMap<>();
    overdue.forEach((city, build) -> all.put(city, build.late()));
    return all;
  }

  /** What overdue cities came to that have ended; each is told once. */
  synchronized SortedMap<City, CityOutcome> takeEnded() {
    SortedMap<City, CityOutcome> ended = new TreeMap<>();
    overdue.forEach(
        (city, build) -> {
          CityOutcome outcome = build.ended;
          if (outcome != null) {
            ended.put(city, outcome);
          }
        });
    overdue.keySet().removeAll(ended.keySet());
    return ended;
  }

  /** Starts nothing more; what is being built ends. */
  void shutDown() {
    threads.shutdown();
  }

  /** Waits until nothing is being built that keeps to its time, but not for ever. */
  @Override
  public void close() {
    shutDown();
    Deadline deadline = Deadline.after(time, CLOSE_AT_MOST);
    await(
        () ->
            threads.isTerminated()
                || (threads.getQueue().isEmpty() && threads.getActiveCount() <= threadsLost())
                || deadline.isPast());
    if (threads.getActiveCount() > 0) {
      LOG.warn("closing: cities are still being built: {}", overdue().keySet());
    }
  }

  /** Interruption is no reason to stop waiting: what was begun must end anyway. */
  private synchronized void await(BooleanSupplier isOver) {
    boolean interrupted = false;
    while (!isOver.getAsBoolean()) {
      try {
        wait(LOOK_AGAIN_MILLIS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean areOver(List<Build> builds) {
    boolean areOver = true;
    for (Build build : builds) {
      if (build.isLate()) {
        LOG.warn("{}", build.late().getMessage());
        overdue.put(build.city(), build);
        setThreads();
      }
      areOver &= build.isOver();
    }
    if (!areOver && threadsLost() >= 2 * size) {
      builds.forEach(Build::giveUp);
      return true;
    }
    return areOver;
  }

  private int threadsLost() {
    return (int) overdue.values().stream().filter(build -> build.ended == null).count();
  }

  private void setThreads() {
    int wanted = size + Math.min(size, threadsLost());
    if (wanted > threads.getMaximumPoolSize()) {
      threads.setMaximumPoolSize(wanted);
      threads.setCorePoolSize(wanted);
    } else {
      threads.setCorePoolSize(wanted);
      threads.setMaximumPoolSize(wanted);
    }
  }

  private static CityOutcome outcome(Job job) {
    try {
      return job.work().get();
    } catch (RuntimeException e) {
      return new CityOutcome.Failed(e);
    }
  }

  /** One job. All that changes is guarded by the builders' lock. */
  private final class Build implements Runnable {
    private final Job job;
    private @Nullable Deadline deadline;
    private boolean isGivenUp;
    private @Nullable CityOutcome ended;
    private @Nullable Error died;

    Build(Job job) {
      this.job = job;
    }

    City city() {
      return job.city();
    }

    @Override
    public void run() {
      synchronized (Builders.this) {
        if (isGivenUp) {
          return;
        }
        deadline = Deadline.after(time, cityTimeout);
      }
      CityOutcome outcome = null;
      Error error = null;
      try {
        outcome = Builders.outcome(job);
      } catch (Error e) {
        error = e;
        throw e;
      } finally {
        end(outcome, error);
      }
    }

    private void end(@Nullable CityOutcome outcome, @Nullable Error error) {
      synchronized (Builders.this) {
        ended =
            outcome == null ? new CityOutcome.Failed(new IllegalStateException(error)) : outcome;
        died = error;
        if (overdue.containsValue(this)) {
          LOG.info("city {}: overdue -> {}", city(), ended.getClass().getSimpleName());
          setThreads();
        }
        Builders.this.notifyAll();
      }
    }

    /** Whether its time is over and it is not known to be overdue yet. */
    boolean isLate() {
      Deadline by = deadline;
      return ended == null && by != null && !overdue.containsKey(city()) && by.isPast();
    }

    boolean isOver() {
      return ended != null || isGivenUp || overdue.containsKey(city());
    }

    /** Unless a thread has it already. */
    void giveUp() {
      isGivenUp = deadline == null;
    }

    CityOutcome outcome() {
      synchronized (Builders.this) {
        if (died != null) {
          throw new IllegalStateException("a build thread died", died);
        }
        CityOutcome outcome = ended;
        if (isGivenUp) {
          return new CityOutcome.Failed(
              new BuildException.Overdue(
                  "city %s: nothing was built, all threads are at work on cities that are overdue: %s"
                      .formatted(city(), overdue.keySet())));
        }
        return outcome == null || overdue.containsKey(city())
            ? new CityOutcome.Failed(late())
            : outcome;
      }
    }

    BuildException late() {
      return new BuildException.Overdue(
          "city %s: %s took longer than index.city_timeout (%s): it goes on, and the others are published without it; if this lasts, look at the disk of this city's folder, or raise that time"
              .formatted(city(), job.what(), cityTimeout));
    }
  }
}

package freshet.replicator.schedule;

import freshet.replicator.alert.SlaveObservation.PullTrouble;
import freshet.replicator.pause.Pause;
import freshet.replicator.pause.PauseWatch;
import freshet.replicator.pull.PullException;
import freshet.replicator.pull.PullOutcome;
import freshet.replicator.pull.Puller;
import freshet.replicator.remote.RemotePointer;
import freshet.replicator.runtime.Backoff;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a store as new as its remote: pulls on notice, which a thread of its own waits for by long
 * poll, and by cron expression. It never gives up: a failure is followed by a wait and another
 * attempt, until a stop is requested. One pull runs at a time. Thread-safe.
 */
public final class SlaveLoop {
  private static final Logger LOG = LoggerFactory.getLogger(SlaveLoop.class);

  /** What a slave does at the moment. */
  public sealed interface State {
    /** It asked for a new snapshot and waits for the answer. */
    record WaitingForNotice(Instant since) implements State {}

    /** It pulls. */
    record Pulling(Instant since) implements State {}

    /**
     * It waits after a failure.
     *
     * @param until when it tries again
     * @param failures how many there were in a row
     * @param since when the first of them was
     * @param cause the last one, for people
     */
    record BackingOff(Instant until, int failures, Instant since, String cause) implements State {}

    /** It begins no pull, since a person wants that. */
    record Paused(Pause pause) implements State {}

    /** It has ended, or was not started. */
    record Stopped() implements State {}
  }

  /**
   * What a slave does and last did.
   *
   * @param last the last pull that ended without a failure, null before the first
   * @param nextCron when it pulls by its cron expression, null without one
   * @param trouble why pulls don't succeed, also while another attempt is under way; null if the
   *     last one did
   */
  public record Status(
      State state,
      @Nullable PullOutcome last,
      @Nullable Instant nextCron,
      @Nullable PullTrouble trouble) {}

  private static final String JOB = "pull";
  private static final Duration PAUSE_LOOK = Duration.ofSeconds(1);

  private final Puller puller;
  private final SlaveOptions options;
  private final Time time;
  private final StopSignal stop;
  private final PauseWatch pauses;
  private final PullListener listener;
  private final Backoff backoff;
  private final ReentrantLock pulling = new ReentrantLock();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;

  private final AtomicLong pulls = new AtomicLong();

  private volatile State state = new State.Stopped();
  private volatile @Nullable PullOutcome last;
  private volatile @Nullable CronSchedule cron;
  // Written under pulling.
  private volatile @Nullable PullTrouble trouble;

  /**
   * A loop, not started yet.
   *
   * @param stop ends the loop; whoever owns the remote closes it on the same signal, so that a
   *     request that hangs ends too
   * @param pauses while one of everything holds, no pull begins; one that runs goes on to its end
   * @param listener hears every outcome, one at a time, before the next pull
   */
  public SlaveLoop(
      Puller puller,
      SlaveOptions options,
      Time time,
      RandomGenerator random,
      StopSignal stop,
      PauseWatch pauses,
      PullListener listener) {
    this.puller = puller;
    this.options = options;
    this.time = time;
    this.stop = stop;
    this.pauses = pauses;
    this.listener = listener;
    this.backoff = new Backoff(options.firstBackoff(), options.longestBackoff(), random);
    this.thread = Workers.thread("slave-notice", this::run);
  }

  /**
   * Starts it, once.
   *
   * @param schedule runs the pulls by cron expression, if the options have one; the caller closes
   *     it
   */
  public void start(CronSchedule schedule) {
    String expression = options.cron();
    if (expression != null) {
      cron = schedule;
      schedule.start(JOB, expression, this::pullOnSchedule);
    }
    thread.start();
  }

  /** What it does and last did. */
  public Status status() {
    CronSchedule schedule = cron;
    return new Status(
        state, last, schedule == null ? null : schedule.next(JOB).orElse(null), trouble);
  }

  /**
   * Waits for the end after the stop was requested.
   *
   * @return whether it has ended
   */
  public boolean awaitEnd(Duration atMost) throws InterruptedException {
    return ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void run() {
    try {
      boolean isFirst = true;
      while (!stop.isRequested()) {
        Pause asked = pauses.whole();
        if (asked != null) {
          paused(asked);
          isFirst = true;
          if (stop.await(PAUSE_LOOK)) {
            return;
          }
          continue;
        }
        // The first question wants an answer at once: what the store lacks is not known yet.
        Duration wait = isFirst ? Duration.ZERO : options.noticeWait();
        Duration pause = lookAndPull(wait);
        isFirst = !pause.isZero();
        if (!pause.isZero() && stop.await(pause)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end();
    }
  }

  /** One question and the pull that follows from it; returns how long to wait before the next. */
  private Duration lookAndPull(Duration wait) {
    become(new State.WaitingForNotice(time.now()));
    long pullsBefore = pulls.get();
    try {
      RemotePointer pointer = puller.latest(wait);
      pulling.lock();
      try {
        if (pauses.whole() != null) {
          return Duration.ZERO;
        }
        // A pull by schedule in between may have brought something newer than this answer, which
        // would then look like a step back in time.
        boolean isOutdated = pulls.get() != pullsBefore;
        return pull(isOutdated ? puller.latest(Duration.ZERO) : pointer);
      } finally {
        pulling.unlock();
      }
    } catch (PullException | RuntimeException e) {
      return failed(e);
    }
  }

  /** A pull by schedule may end after the loop has; that has the last word. */
  private void become(State next) {
    synchronized (ended) {
      if (ended.getCount() > 0) {
        state = next;
      }
    }
  }

  private void end() {
    synchronized (ended) {
      state = new State.Stopped();
      ended.countDown();
    }
  }

  private void paused(Pause pause) {
    pulling.lock();
    try {
      // Nobody tries, so that nobody knows whether pulls would succeed.
      trouble = null;
      become(new State.Paused(pause));
    } finally {
      pulling.unlock();
    }
  }

  private void pullOnSchedule() {
    if (stop.isRequested() || pauses.whole() != null) {
      return;
    }
    pulling.lock();
    try {
      pull(puller.latest(Duration.ZERO));
    } catch (PullException | RuntimeException e) {
      failed(e);
    } finally {
      pulling.unlock();
    }
  }

  /** Called under the lock. */
  private Duration pull(RemotePointer pointer) throws PullException {
    become(new State.Pulling(time.now()));
    PullOutcome outcome = puller.pull(pointer, this::heard);
    if (outcome instanceof PullOutcome.Refused refused) {
      return failed(PullTroubles.of(refused.refusal()));
    }
    succeeded(outcome);
    return Duration.ZERO;
  }

  private void heard(PullOutcome outcome) {
    pulls.incrementAndGet();
    last = outcome;
    listener.heard(outcome);
  }

  private void succeeded(PullOutcome outcome) {
    PullTrouble before = trouble;
    if (before != null) {
      LOG.info(
          "pulls work again, after {} since {}",
          Count.of(before.count(), "failure"),
          before.since());
      trouble = null;
    }
    become(new State.WaitingForNotice(time.now()));
    if (outcome instanceof PullOutcome.Installed installed) {
      LOG.info(
          "installed snapshot {}: {}, {}, {} bytes fetched in {} ms",
          installed.snapshot().generation(),
          Count.of(installed.snapshot().cities().size(), "city", "cities"),
          Count.of(installed.snapshot().documents(), "document"),
          installed.report().bytesFetched(),
          installed.report().duration().toMillis());
    }
  }

  private Duration failed(Exception e) {
    if (stop.isRequested()) {
      return Duration.ZERO;
    }
    PullTroubles.Found found = PullTroubles.of(e);
    if (e instanceof RuntimeException) {
      LOG.error("a pull failed unexpectedly: {}", found.cause(), e);
    }
    return failed(found);
  }

  private Duration failed(PullTroubles.Found found) {
    pulling.lock();
    try {
      PullTrouble before = trouble;
      PullTrouble now = found.after(before, time.now());
      trouble = now;
      listener.failed(now);
      if (before == null) {
        LOG.warn("pulls fail, and are tried again: {}", now.cause());
      }
      Duration pause = backoff.after(now.count());
      become(new State.BackingOff(time.now().plus(pause), now.count(), now.since(), now.cause()));
      return pause;
    } finally {
      pulling.unlock();
    }
  }
}

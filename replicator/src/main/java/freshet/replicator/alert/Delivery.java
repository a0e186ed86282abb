package freshet.replicator.alert;

import freshet.replicator.incident.Incident;
import freshet.replicator.runtime.Backoff;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import freshet.replicator.sink.Sink;
import freshet.replicator.sink.SinkException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties one outbox into its sink, on a thread of its own: in order, each message until it has
 * arrived, with random waits between attempts that grow. A message that the other side refuses is
 * given up after some attempts, so that it holds up no others.
 */
final class Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
  private static final int ATTEMPTS_IF_REFUSED = 5;
  private static final Duration IDLE = Duration.ofHours(1);
  private static final Duration WAKE = Duration.ofMillis(50);

  private final Sink sink;
  private final Outbox outbox;
  private final Supplier<List<Incident>> open;
  private final Backoff backoff;
  private final Time time;
  private final StopSignal stop;
  private final CountDownLatch refreshed = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean isAtOnce;
  private int failures;

  /** Of the message whose turn it is: a receiver that was away for long may refuse it once. */
  private int refusals;

  private long refreshedAt;

  /**
   * Not started yet.
   *
   * @param open the incidents that are open now
   */
  Delivery(
      Sink sink,
      Outbox outbox,
      Supplier<List<Incident>> open,
      Backoff backoff,
      Time time,
      StopSignal stop) {
    this.sink = sink;
    this.outbox = outbox;
    this.open = open;
    this.backoff = backoff;
    this.time = time;
    this.stop = stop;
    this.refreshedAt = time.nanoTime();
  }

  /** Starts it; it ends with the stop signal, at the latest with the attempt that runs then. */
  void start() {
    stop.onRequest(outbox::wake);
    Workers.thread("alert-" + sink.name(), this::run).start();
  }

  /** Has what is open told again now, where the sink wants that at all. */
  void refreshSoon() {
    isAtOnce = true;
    outbox.wake();
  }

  /**
   * Waits until all is sent, and what is open is told again after {@link #refreshSoon}.
   *
   * @return whether it is; false if that takes longer
   */
  boolean finish(Deadline deadline) throws InterruptedException {
    boolean isDone = outbox.awaitEmpty(deadline.remaining());
    if (sink.refreshEvery().isZero() || open.get().isEmpty()) {
      return isDone;
    }
    while (isDone && refreshed.getCount() > 0) {
      // Again and again, since it may be about to wait just now.
      outbox.wake();
      isDone = refreshed.await(WAKE.toMillis(), TimeUnit.MILLISECONDS) || !deadline.isPast();
    }
    return isDone;
  }

  /** Waits until it has ended after the stop signal, at most that long. */
  void awaitEnd(Duration atMost) throws InterruptedException {
    if (!ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
      LOG.debug("{} is left in the middle of an attempt", sink.name());
    }
  }

  private void run() {
    try {
      while (!stop.isRequested()) {
        Outbox.Head head = outbox.head().orElse(null);
        if (head == null) {
          idle();
        } else if (!send(head) && stop.await(backoff.after(failures))) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  private boolean send(Outbox.Head head) throws InterruptedException {
    try {
      sink.send(head.message());
      outbox.delivered(head);
      if (failures > 0) {
        LOG.info("{} takes messages again, after {}", sink.name(), Count.of(failures, "failure"));
      }
      failures = 0;
      refusals = 0;
      return true;
    } catch (SinkException e) {
      failures++;
      refusals += e.isRefusal() ? 1 : 0;
      if (failures == 1) {
        LOG.error("a message did not arrive, and is sent again: {}", e.getMessage());
      }
      if (refusals >= ATTEMPTS_IF_REFUSED) {
        LOG.error("a message is given up, refused {} times: {}", refusals, e.getMessage());
        outbox.refused(head);
        failures = 0;
        refusals = 0;
        // Nothing is left to wait for; no wait follows from no failure.
        return true;
      }
      return false;
    } catch (RuntimeException e) {
      // A mistake of a sink must not end its thread: messages would wait for ever, unnoticed.
      failures++;
      LOG.error("{} failed unexpectedly", sink.name(), e);
      return false;
    }
  }

  private void idle() throws InterruptedException {
    Duration every = sink.refreshEvery();
    if (every.isZero()) {
      outbox.await(IDLE);
      return;
    }
    Duration left = every.minus(time.since(refreshedAt));
    if (left.isPositive() && (!isAtOnce || refreshed.getCount() == 0)) {
      outbox.await(left);
      return;
    }
    refreshedAt = time.nanoTime();
    try {
      sink.refresh(open.get());
    } catch (SinkException e) {
      LOG.warn("open incidents were not told again: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("{} failed unexpectedly", sink.name(), e);
    }
    refreshed.countDown();
  }
}

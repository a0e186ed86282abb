package freshet.replicator.serve;

import freshet.replicator.http.HttpProblem;
import freshet.replicator.http.Transfer;
import freshet.replicator.runtime.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admits transfers and paces them, within the limits and by how handshakes with the database fare:
 * pulling must not disturb polling. Thread-safe.
 */
final class Transfers implements HandshakeWatch {
  private static final Logger LOG = LoggerFactory.getLogger(Transfers.class);

  /** Smaller ones need no admission: what makes a slave fresh never waits behind full copies. */
  private static final long SMALL_BYTES = 256 << 10;

  /** Between these, at random, comes back who was not admitted, so that not all come at once. */
  private static final int SOONEST_SECONDS = 1;

  private static final int LATEST_SECONDS = 6;

  private final ReentrantLock lock = new ReentrantLock();
  private final ServeLimits limits;
  private final Time time;
  private final RandomGenerator random;
  private final Pace pace;
  private final AtomicLong refused = new AtomicLong();
  private int active;
  private RateRule.State state = RateRule.State.START;
  private @Nullable Duration newest;
  private @Nullable Instant slowedSince;

  Transfers(ServeLimits limits, Time time, RandomGenerator random) {
    this.limits = limits;
    this.time = time;
    this.random = random;
    this.pace = new Pace(time);
    apply();
  }

  /**
   * Admits an answer.
   *
   * @param bytes of its body
   * @throws HttpProblem with status 503 if it is to come back later
   */
  Transfer admit(long bytes) throws HttpProblem {
    if (bytes <= SMALL_BYTES) {
      return new Paced(() -> {});
    }
    lock.lock();
    try {
      become(RateRule.unheard(state, time.nanoTime()));
      if (active >= limits.maxTransfers()) {
        refused.incrementAndGet();
        int seconds = random.nextInt(SOONEST_SECONDS, LATEST_SECONDS + 1);
        throw new HttpProblem(
            503,
            "%d transfers are under way, as many as server.max_transfers allows".formatted(active),
            "ask again in %d s; slaves do so by themselves".formatted(seconds),
            Duration.ofSeconds(seconds));
      }
      active++;
      return new Paced(this::ended);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void took(Duration handshake) {
    read(handshake);
  }

  @Override
  public void failed() {
    read(null);
  }

  /** What is under way. */
  TransferStatus status() {
    lock.lock();
    try {
      double now = rate();
      return new TransferStatus(
          active,
          limits.maxTransfers(),
          refused.get(),
          pace.sent(),
          Math.round(pace.sentPerSecond()),
          now == Double.POSITIVE_INFINITY ? null : Math.round(now),
          newest,
          state.idle(),
          slowedSince);
    } finally {
      lock.unlock();
    }
  }

  private void read(@Nullable Duration took) {
    if (!limits.yields()) {
      return;
    }
    lock.lock();
    try {
      newest = took;
      become(
          RateRule.after(state, new RateRule.Reading(took, pace.sentPerSecond(), time.nanoTime())));
    } finally {
      lock.unlock();
    }
  }

  private void ended() {
    lock.lock();
    try {
      active--;
      if (active == 0) {
        become(RateRule.atRest(state));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Called under the lock. */
  private void become(RateRule.State next) {
    boolean wasSlowed = state.slowed() != null;
    state = next;
    RateRule.Slowed slowed = next.slowed();
    if (slowed != null && !wasSlowed) {
      slowedSince = time.now();
      LOG.warn(
          "handshakes with the database {}, {} while nothing is sent: slaves are sent {} bytes a second instead of {}, until that is better",
          newest == null ? "fail" : "take " + newest.toMillis() + " ms",
          next.idle() == null ? "unknown" : next.idle().toMillis() + " ms",
          Math.round(slowed.bytesPerSecond()),
          Math.round(slowed.hurtful()));
    } else if (slowed == null && wasSlowed) {
      LOG.info("slaves are no longer slowed down, they were since {}", slowedSince);
      slowedSince = null;
    }
    apply();
  }

  private void apply() {
    pace.limit(rate());
  }

  private double rate() {
    double cap =
        limits.maxBytesPerSecond() == ServeLimits.UNLIMITED
            ? Double.POSITIVE_INFINITY
            : limits.maxBytesPerSecond();
    RateRule.Slowed slowed = state.slowed();
    return slowed == null ? cap : Math.min(cap, slowed.bytesPerSecond());
  }

  /** One admitted answer. */
  private final class Paced implements Transfer {
    private final Runnable onClose;

    Paced(Runnable onClose) {
      this.onClose = onClose;
    }

    @Override
    public int next(long left) throws InterruptedException {
      return pace.next(left);
    }

    @Override
    public void close() {
      onClose.run();
    }
  }
}

package freshet.replicator.serve;

import freshet.replicator.http.HttpProblem;
import freshet.replicator.http.Transfer;
import freshet.replicator.runtime.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
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

  /** After which what was felt out is forgotten: a slave asks for one file after the other. */
  private static final Duration QUIET = Duration.ofSeconds(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final ServeLimits limits;
  private final Time time;
  private final RandomGenerator random;
  private final Pace pace;
  private final AtomicLong refused = new AtomicLong();
  private final Condition begun = lock.newCondition();
  private int active;
  private long underWay;
  private long quietSince;
  private RateRule.State state = RateRule.State.START;
  private volatile @Nullable UnderWay measured;
  private long lastHandshake;
  private @Nullable Duration newest;
  private @Nullable Instant slowedSince;

  /**
   * A handshake that is under way.
   *
   * @param began on the monotonic clock
   * @param sent bytes in all until then
   */
  private record UnderWay(long began, long sent) {}

  Transfers(ServeLimits limits, Time time, RandomGenerator random) {
    this.limits = limits;
    this.time = time;
    this.random = random;
    this.pace = new Pace(time);
    this.quietSince = time.nanoTime();
    this.lastHandshake = quietSince;
    apply();
  }

  /**
   * Admits an answer.
   *
   * @param bytes of its body
   * @throws HttpProblem with status 503 if it is to come back later
   */
  Transfer admit(long bytes) throws HttpProblem {
    lock.lock();
    try {
      long now = time.nanoTime();
      boolean isLarge = bytes > SMALL_BYTES;
      become(atPresent(now));
      if (isLarge) {
        enter();
      }
      underWay += bytes;
      if (limits.yields()) {
        become(RateRule.begun(state, busyBytes(), now));
      }
      begun.signalAll();
      return new Paced(bytes, isLarge);
    } finally {
      lock.unlock();
    }
  }

  /** Called under the lock. */
  private void enter() throws HttpProblem {
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
  }

  @Override
  public boolean awaitWanted(Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (left > 0) {
        long now = time.nanoTime();
        become(atPresent(now));
        boolean isSending = active > 0 || busyBytes() > RateRule.UNFELT_BYTES;
        Duration until = RateRule.untilWanted(state, isSending, lastHandshake, now);
        if (limits.yields() && until.isZero()) {
          return true;
        }
        long wait = limits.yields() ? Math.min(left, until.toNanos()) : left;
        left -= wait - begun.awaitNanos(wait);
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void begins() {
    measured = new UnderWay(time.nanoTime(), pace.sent());
  }

  @Override
  public void ended() {
    lock.lock();
    try {
      measured = null;
      lastHandshake = time.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void took(Handshake handshake) {
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
      become(atPresent(time.nanoTime()));
      double now = rate();
      return new TransferStatus(
          active,
          limits.maxTransfers(),
          refused.get(),
          pace.sent(),
          Math.round(pace.sentPerSecond()),
          now == Double.POSITIVE_INFINITY ? null : Math.round(now),
          newest,
          state.idleTotal(),
          slowedSince);
    } finally {
      lock.unlock();
    }
  }

  private void read(@Nullable Handshake took) {
    if (!limits.yields()) {
      return;
    }
    lock.lock();
    try {
      newest = took == null ? null : took.total();
      lastHandshake = time.nanoTime();
      become(RateRule.after(state, reading(took, lastHandshake)));
      measured = null;
    } finally {
      lock.unlock();
    }
  }

  /** A handshake that is late already is slow, whenever it ends. */
  private void readMeanwhile() {
    UnderWay late = measured;
    if (late == null) {
      return;
    }
    lock.lock();
    try {
      long now = time.nanoTime();
      RateRule.State next =
          RateRule.meanwhile(
              state, reading(Handshake.whole(Duration.ofNanos(now - late.began())), now));
      if (!next.equals(state)) {
        become(next);
      }
    } finally {
      lock.unlock();
    }
  }

  private RateRule.Reading reading(@Nullable Handshake took, long now) {
    UnderWay own = measured;
    double sent =
        own == null || own.began() == now
            ? pace.sentPerSecond()
            : (pace.sent() - own.sent()) * 1e9 / (now - own.began());
    long began = own == null ? now : own.began();
    return new RateRule.Reading(took, sent, began, now);
  }

  private void ended(long bytes, boolean isLarge) {
    lock.lock();
    try {
      active -= isLarge ? 1 : 0;
      underWay -= bytes;
      quietSince = time.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /** What is under way, or was sent within a second: many small files are no less of a burden. */
  private long busyBytes() {
    return Math.max(underWay, Math.round(pace.sentPerSecond()));
  }

  /** Called under the lock. */
  private RateRule.State atPresent(long now) {
    boolean isQuiet = underWay == 0 && now - quietSince > QUIET.toNanos();
    return isQuiet ? RateRule.atRest(state, now) : RateRule.unheard(state, now);
  }

  /** Called under the lock. */
  private void become(RateRule.State next) {
    boolean wasSlowed = state.isSlowed();
    state = next;
    if (next.isSlowed() && !wasSlowed) {
      slowedSince = time.now();
      Duration idle = next.idleTotal();
      // No warning: that is felt out after each start, and status says how it stands.
      LOG.info(
          "handshakes with the database are slower than {} while nothing is sent: slaves are sent at most {} bytes a second, until that is better",
          idle == null ? "they are" : "the " + idle.toMillis() + " ms that they take",
          Math.round(rate()));
    } else if (!next.isSlowed() && wasSlowed) {
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
    RateRule.Limit limit = state.limit();
    return limit == null ? cap : Math.min(cap, limit.bytesPerSecond());
  }

  /** One admitted answer. */
  private final class Paced implements Transfer {
    private final long bytes;
    private final boolean isLarge;

    Paced(long bytes, boolean isLarge) {
      this.bytes = bytes;
      this.isLarge = isLarge;
    }

    @Override
    public int next(long left) throws InterruptedException {
      readMeanwhile();
      return pace.next(left);
    }

    @Override
    public void close() {
      ended(bytes, isLarge);
    }
  }
}

package freshet.replicator.serve;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How fast to send, by how long handshakes with the database take. Pure.
 *
 * <p>Additive increase, multiplicative decrease, as TCP does it: a slow handshake halves what is
 * sent; good ones raise it, by a tenth of the rate that hurt a second, up to four fifths of it, and
 * once a minute a tenth beyond. What a handshake takes while nothing is sent is what it takes.
 */
final class RateRule {
  /** The lowest cap that can be configured; who sends less is no burden to anybody. */
  static final long LEAST_RATE = 64 << 10;

  /** Handshakes may be slow for other reasons: slaves get on whatever they do. */
  private static final double LEAST_SLOWED = 1_000_000;

  /**
   * What the way is taken to carry at least, until it has shown that it does not: while slaves only
   * begin, a handshake is slow by chance, and next to nothing has been sent.
   */
  private static final double UNKNOWN = 4_000_000;

  private static final Duration LEAST_DELAY = Duration.ofMillis(10);
  private static final Duration PROBE_INTERVAL = Duration.ofMinutes(1);

  /** What was sent before takes its time on the way: it is no reason to send less still. */
  private static final Duration SETTLING = Duration.ofSeconds(1);

  private static final double FORGETTING = 0.9;
  private static final double SLOW = 1.5;
  private static final double STEP = 0.1;
  private static final double HARMLESS = 0.8;

  /** How many handshakes the idle one is averaged over. */
  private static final int MEMORY = 8;

  private RateRule() {}

  /**
   * What is known.
   *
   * @param idle what a handshake takes while nothing is sent; null before the first
   * @param slowed null while nothing is held back
   */
  record State(@Nullable Duration idle, @Nullable Slowed slowed) {
    static final State START = new State(null, null);
  }

  /**
   * Held back.
   *
   * @param bytesPerSecond to send now
   * @param hurtful the rate at which handshakes became slow
   * @param changed when the rate was last lowered or probed, on the monotonic clock
   * @param read when the last handshake was, likewise
   */
  record Slowed(double bytesPerSecond, double hurtful, long changed, long read) {}

  /**
   * A handshake.
   *
   * @param took null if it failed
   * @param sent bytes a second that were sent meanwhile
   * @param at on the monotonic clock, in nanoseconds
   */
  record Reading(@Nullable Duration took, double sent, long at) {}

  /** What follows from a handshake. */
  static State after(State state, Reading reading) {
    if (reading.sent() < LEAST_RATE) {
      // Nothing of ours is on the way: whatever it took is not our doing.
      return new State(idle(state.idle(), reading.took()), null);
    }
    Slowed slowed = state.slowed();
    if (isSlow(state.idle(), reading.took())) {
      return new State(state.idle(), slowed == null ? first(reading) : lowered(slowed, reading));
    }
    return slowed == null ? state : new State(state.idle(), raised(slowed, reading.at()));
  }

  /** Nobody has measured anything for a while: what was slow is not known to be so any more. */
  static State unheard(State state, long now) {
    Slowed slowed = state.slowed();
    return slowed != null && Duration.ofNanos(now - slowed.read()).compareTo(PROBE_INTERVAL) > 0
        ? atRest(state)
        : state;
  }

  /** Nobody fetches anything. */
  static State atRest(State state) {
    return new State(state.idle(), null);
  }

  private static Slowed first(Reading reading) {
    return new Slowed(
        Math.max(LEAST_SLOWED, reading.sent() / 2),
        Math.max(UNKNOWN, reading.sent()),
        reading.at(),
        reading.at());
  }

  private static Slowed lowered(Slowed slowed, Reading reading) {
    if (Duration.ofNanos(reading.at() - slowed.changed()).compareTo(SETTLING) < 0) {
      return new Slowed(slowed.bytesPerSecond(), slowed.hurtful(), slowed.changed(), reading.at());
    }
    // One handshake that is slow by chance must not make it forget what the way can carry: it
    // would take minutes to come back.
    double hurtful =
        Math.max(Math.min(reading.sent(), slowed.hurtful()), slowed.hurtful() * FORGETTING);
    double sent = Math.min(reading.sent(), slowed.bytesPerSecond());
    return new Slowed(Math.max(LEAST_SLOWED, sent / 2), hurtful, reading.at(), reading.at());
  }

  private static Slowed raised(Slowed slowed, long now) {
    double step = slowed.hurtful() * STEP;
    double most = slowed.hurtful() * HARMLESS;
    if (slowed.bytesPerSecond() < most) {
      double seconds = Math.min(1, (now - slowed.read()) / 1e9);
      double wanted = Math.min(most, slowed.bytesPerSecond() + step * seconds);
      return new Slowed(wanted, slowed.hurtful(), slowed.changed(), now);
    }
    if (Duration.ofNanos(now - slowed.changed()).compareTo(PROBE_INTERVAL) < 0) {
      return slowed;
    }
    return new Slowed(slowed.bytesPerSecond() + step, slowed.hurtful() + step, now, now);
  }

  private static boolean isSlow(@Nullable Duration idle, @Nullable Duration took) {
    if (took == null) {
      return true;
    }
    if (idle == null) {
      return false;
    }
    Duration bound = Duration.ofNanos((long) (idle.toNanos() * SLOW));
    Duration least = idle.plus(LEAST_DELAY);
    return took.compareTo(bound.compareTo(least) > 0 ? bound : least) > 0;
  }

  private static @Nullable Duration idle(@Nullable Duration before, @Nullable Duration took) {
    if (took == null || before == null) {
      return took == null ? before : took;
    }
    return before.multipliedBy(MEMORY - 1).plus(took).dividedBy(MEMORY);
  }
}

package freshet.replicator.serve;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How fast to send, by how long handshakes with the database take. Pure.
 *
 * <p>What the way carries is felt out, as TCP's slow start does it: large transfers begin at a low
 * total rate, or at half of what the way carried lately, and each handshake that is as quick as
 * while nothing is sent doubles it. A slow one takes it back to below the last rate that did no
 * harm; after the second, more is tried seldom and in small steps.
 */
final class RateRule {
  /** The lowest cap that can be configured; who sends less is no burden to anybody. */
  static final long LEAST_RATE = 64 << 10;

  /** With less on its way nothing is felt out: that would take longer than sending it. */
  static final long UNFELT_BYTES = 1 << 20;

  /** Handshakes may be slow for other reasons: slaves get on whatever they do. */
  private static final double LEAST_SLOWED = 1_000_000;

  /** What the way is taken to carry at least, until it has shown that it does not. */
  private static final double FIRST = 4_000_000;

  /** Handshakes that begin so long after a change of the rate show what it does. */
  private static final Duration SHOWN = Duration.ofMillis(10);

  /** A handshake may be slow by chance: so often more is refused until that counts as known. */
  private static final int REFUSALS = 2;

  /** What was sent before takes its time on the way: it is no reason to send less still. */
  private static final Duration SETTLING = Duration.ofSeconds(1);

  private static final double RISE = 2;
  private static final double FALL = 0.7;

  /** Somebody else on the same way needs some of it too. */
  private static final double HARMLESS = 0.85;

  private static final double TRIAL_RISE = 1.25;

  /** A queue that grows slowly shows after this time at the latest. */
  private static final Duration TRIAL = Duration.ofMillis(500);

  private static final Duration FIRST_TRIAL_AFTER = Duration.ofSeconds(20);
  private static final Duration UNHEARD = Duration.ofMinutes(1);

  /** While the rate is being felt out; connects in a burst are a burden themselves. */
  private static final Duration OFTEN = Duration.ofMillis(10);

  /** Slaves that take less than they are let have do not change the rate either. */
  private static final Duration OFTEN_ENOUGH = Duration.ofMillis(100);

  private static final int UNUSED = 2;

  /** What a way carried may be another way's by then. */
  private static final Duration REMEMBERED = Duration.ofMinutes(10);

  private static final Duration SELDOM = Duration.ofSeconds(1);

  /** While nothing is sent, so that it is known what is slow once something is. */
  private static final Duration RARELY = Duration.ofSeconds(30);

  /** The first handshakes of a process are slow: classes are loaded. */
  private static final int FIRST_READINGS = 4;

  private RateRule() {}

  /**
   * What is known.
   *
   * @param idle what a handshake takes while nothing is sent; null before the first
   * @param readings of such, so far
   * @param carried what the way carried lately; null if that is not known
   * @param limit null while nothing is held back
   */
  record State(
      @Nullable Handshake idle, int readings, @Nullable Carried carried, @Nullable Limit limit) {
    static final State START = new State(null, 0, null, null);

    private State with(@Nullable Limit other) {
      return new State(idle, readings, carried, other);
    }

    private State idle(@Nullable Handshake took) {
      return took == null
          ? this
          : new State(HandshakeRule.learnt(idle, took), readings + 1, carried, limit);
    }

    /** What a handshake takes in all while nothing is sent; null before the first. */
    @Nullable Duration idleTotal() {
      return idle == null ? null : idle.total();
    }

    /** Whether less is sent than could be, since handshakes were slow. */
    boolean isSlowed() {
      return limit != null && limit.refusals > 0;
    }
  }

  /**
   * What the way carried.
   *
   * @param bytesPerSecond at which handshakes were quick
   * @param until on the monotonic clock
   */
  record Carried(double bytesPerSecond, long until) {}

  /**
   * What is sent at most.
   *
   * @param bytesPerSecond now
   * @param proven the highest rate at which handshakes were quick
   * @param refusals how often it was lowered, since handshakes were slow
   * @param slow handshakes in a row at a rate that was proven
   * @param unused handshakes in a row during which far less was sent
   * @param changed when the rate was last changed, on the monotonic clock
   * @param read when the last handshake was, likewise
   */
  record Limit(
      double bytesPerSecond,
      double proven,
      int refusals,
      int slow,
      int unused,
      long changed,
      long read) {

    private Limit read(int slowInARow, long at) {
      return new Limit(bytesPerSecond, proven, refusals, slowInARow, unused, changed, at);
    }

    private Limit used(boolean isUsed) {
      int times = isUsed ? 0 : unused + 1;
      return new Limit(bytesPerSecond, proven, refusals, slow, times, changed, read);
    }

    private Limit at(double rate, double nowProven, int nowRefusals, long now) {
      return new Limit(rate, nowProven, nowRefusals, 0, 0, now, now);
    }

    private Limit lowered(double nowProven, long now) {
      double half = Math.min(bytesPerSecond, nowProven) / 2;
      return at(Math.max(LEAST_SLOWED, half), nowProven, refusals + 1, now);
    }

    /** Whether it is known what is too much; else that is being felt out. */
    private boolean isKnown() {
      return refusals >= REFUSALS;
    }

    /** Whether the next handshakes will change the rate. */
    private boolean isMoving() {
      return !isKnown() || isBeyond() || isClearing();
    }

    private boolean isBeyond() {
      return bytesPerSecond > proven;
    }

    /** Whether less is sent than does no harm, so that what was too much can leave. */
    private boolean isClearing() {
      return bytesPerSecond < proven * HARMLESS;
    }
  }

  /**
   * A handshake.
   *
   * @param took null if it failed
   * @param sent bytes a second that were sent meanwhile
   * @param began on the monotonic clock, in nanoseconds
   * @param at now, likewise
   */
  record Reading(@Nullable Handshake took, double sent, long began, long at) {}

  /** So many bytes are under way, or were within the last second, and more begin now. */
  static State begun(State state, long bytes, long now) {
    if (state.limit() != null || state.idle() == null || bytes <= UNFELT_BYTES) {
      return state;
    }
    double rate = Math.max(FIRST, carriedLately(state.carried(), now) / RISE);
    // Not proven any more: should it harm, it is felt out from the start at once.
    return state.with(new Limit(rate, FIRST, 0, 0, 0, now, now));
  }

  private static double carriedLately(@Nullable Carried carried, long now) {
    if (carried == null || since(carried.until(), now).compareTo(REMEMBERED) >= 0) {
      return 0;
    }
    return carried.bytesPerSecond();
  }

  /** What follows from a handshake. */
  static State after(State state, Reading reading) {
    Limit limit = state.limit();
    boolean isSlow = HandshakeRule.isSlow(state.idle(), reading.took());
    if (limit != null) {
      return state.with(isSlow ? slowed(limit, reading) : raised(limit, reading));
    }
    if (reading.sent() < LEAST_RATE) {
      // Nothing of ours is on the way: whatever it took is not our doing.
      return state.idle(reading.took());
    }
    if (!isSlow) {
      return state;
    }
    double hurtful = Math.max(FIRST, reading.sent());
    double rate = Math.max(LEAST_SLOWED, reading.sent() / 2);
    return state.with(new Limit(rate, hurtful * FALL, 1, 0, 0, reading.at(), reading.at()));
  }

  /** A handshake is under way and has taken that long already. */
  static State meanwhile(State state, Reading soFar) {
    Limit limit = state.limit();
    return limit != null
            && limit.isBeyond()
            && HandshakeRule.isLate(state.idle(), since(soFar.began(), soFar.at()))
        ? state.with(slowed(limit, soFar))
        : state;
  }

  /** Nobody has measured anything for a while: what was slow is not known to be so any more. */
  static State unheard(State state, long now) {
    Limit limit = state.limit();
    return limit != null && since(limit.read(), now).compareTo(UNHEARD) > 0
        ? state.with(null)
        : state;
  }

  /** Nobody fetches anything. */
  static State atRest(State state, long now) {
    Limit limit = state.limit();
    if (limit == null) {
      return state;
    }
    // What was too short to prove anything disproves nothing either.
    boolean isNews = limit.refusals() > 0 || limit.proven() >= carriedLately(state.carried(), now);
    Carried carried = isNews ? new Carried(limit.proven(), now) : state.carried();
    return new State(state.idle(), state.readings(), carried, null);
  }

  /** How long until the next handshake should be measured. */
  static Duration untilWanted(State state, boolean isSending, long lastRead, long now) {
    Limit limit = state.limit();
    boolean isHurried =
        limit != null
            && (limit.slow() > 0
                || (limit.isMoving() && since(limit.changed(), now).compareTo(SETTLING) < 0));
    Duration every = isSending || state.readings() < FIRST_READINGS ? SELDOM : RARELY;
    Duration hurry = limit != null && limit.unused() >= UNUSED ? OFTEN_ENOUGH : OFTEN;
    Duration left = (isHurried ? hurry : every).minus(since(lastRead, now));
    return left.isNegative() ? Duration.ZERO : left;
  }

  private static Limit slowed(Limit limit, Reading reading) {
    long now = reading.at();
    boolean isFailure = reading.took() == null;
    boolean isSettling = limit.isClearing() && since(limit.changed(), now).compareTo(SETTLING) < 0;
    if (isSettling) {
      return limit.read(0, now);
    }
    if (limit.isBeyond()) {
      return limit.lowered(limit.proven(), now);
    }
    return isFailure || limit.slow() > 0
        ? limit.lowered(Math.max(LEAST_SLOWED, limit.proven() * FALL), now)
        : limit.read(1, now);
  }

  private static Limit raised(Limit limit, Reading reading) {
    long now = reading.at();
    if (isEarly(limit, reading)) {
      return limit.read(0, now);
    }
    double rate = limit.bytesPerSecond();
    double proven = limit.proven();
    boolean isUsed = reading.sent() >= rate / RISE;
    if (limit.isKnown()) {
      if (limit.isClearing()) {
        return limit.at(proven * HARMLESS, proven, limit.refusals(), now);
      }
      Duration held = since(limit.changed(), now);
      if (limit.isBeyond()) {
        return held.compareTo(TRIAL) < 0 || !isUsed
            ? limit.read(0, now)
            : limit.at(rate * TRIAL_RISE, rate, REFUSALS, now);
      }
      return held.compareTo(untilTrial(limit.refusals())) < 0
          ? limit.read(0, now)
          : limit.at(proven * TRIAL_RISE, proven, limit.refusals(), now);
    }
    if (rate < proven) {
      return limit.at(proven, proven, limit.refusals(), now);
    }
    // Who sends less than that has not shown that more does no harm.
    return isUsed
        ? limit.at(rate * RISE, rate, limit.refusals(), now)
        : limit.read(0, now).used(false);
  }

  /** Each refusal doubles it, up to a minute. */
  private static Duration untilTrial(int refusals) {
    Duration wait = FIRST_TRIAL_AFTER.multipliedBy(1L << Math.min(refusals - REFUSALS, 3));
    return wait.compareTo(UNHEARD) < 0 ? wait : UNHEARD;
  }

  /** It began before what is sent now could make it slow: that it was quick says nothing. */
  private static boolean isEarly(Limit limit, Reading reading) {
    return reading.began() < limit.changed() + SHOWN.toNanos();
  }

  private static Duration since(long before, long now) {
    return Duration.ofNanos(now - before);
  }
}

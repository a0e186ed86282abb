package freshet.replicator.remote;

import freshet.replicator.runtime.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the best measurement of the remote's clock. A measurement is tied to the monotonic clock,
 * so that a step of the wall clock here changes the offset by as much, and not the remote's time;
 * its uncertainty grows with its age, until a newer one is better. Thread-safe.
 */
final class RemoteClock {
  /** What two quartz clocks may drift apart, in parts of a million; NTP assumes up to 500. */
  private static final long DRIFT_PPM = 200;

  private static final Duration VAGUE = Duration.ofMillis(100);

  private record Measurement(Instant remote, long atNanos, Duration uncertainty) {
    Duration uncertaintyAt(long nanos) {
      return uncertainty.plusNanos((nanos - atNanos) / 1_000_000 * DRIFT_PPM);
    }
  }

  private final Time time;
  private @Nullable Measurement best;

  RemoteClock(Time time) {
    this.time = time;
  }

  /**
   * The remote showed this at some point between question and answer.
   *
   * @param roundTrip ending now
   */
  synchronized void measured(Instant shown, Duration roundTrip) {
    long now = time.nanoTime();
    Duration half = roundTrip.dividedBy(2);
    Measurement measurement = new Measurement(shown.plus(half), now, half);
    Measurement known = best;
    // The remote's clock may have been stepped: the old measurement then contradicts the new one.
    if (known == null
        || measurement.uncertainty.compareTo(known.uncertaintyAt(now)) <= 0
        || contradict(known, measurement, now)) {
      best = measurement;
    }
  }

  /** The estimate as of now. */
  synchronized Optional<ClockEstimate> estimate() {
    Measurement known = best;
    if (known == null) {
      return Optional.empty();
    }
    long now = time.nanoTime();
    Instant remoteNow = known.remote.plusNanos(now - known.atNanos);
    return Optional.of(
        new ClockEstimate(Duration.between(time.now(), remoteNow), known.uncertaintyAt(now)));
  }

  /** Whether the remote tells its time, and a short round trip would improve on what is known. */
  synchronized boolean isVague() {
    Measurement known = best;
    return known != null && known.uncertaintyAt(time.nanoTime()).compareTo(VAGUE) > 0;
  }

  private static boolean contradict(Measurement old, Measurement other, long now) {
    Instant expected = old.remote.plusNanos(now - old.atNanos);
    Duration apart = Duration.between(expected, other.remote).abs();
    return apart.compareTo(old.uncertaintyAt(now).plus(other.uncertainty)) > 0;
  }
}

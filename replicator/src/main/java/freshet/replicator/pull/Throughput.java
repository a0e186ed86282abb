package freshet.replicator.pull;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * How quickly something was done lately: an average in which each sample weighs by what it took,
 * and older ones fade. Too few bytes say nothing, and what is an hour old says nothing any more, so
 * that it is measured anew.
 *
 * @param bytes of all samples, faded
 * @param seconds that they took, faded
 * @param at when the last one was taken
 */
record Throughput(double bytes, double seconds, Instant at) {
  /** Smaller samples tell of round trips rather than of throughput. */
  static final long LEAST_SAMPLE_BYTES = 256 << 10;

  /** What has to be measured before it is gone by. */
  static final long LEAST_BYTES = 4 << 20;

  static final Duration VALID_FOR = Duration.ofHours(1);

  static final Throughput NONE = new Throughput(0, 0, Instant.EPOCH);

  private static final double FADING = 0.75;

  /** Checks the ranges. */
  Throughput {
    if (!(bytes >= 0 && seconds >= 0)) {
      throw new IllegalArgumentException("%f bytes in %f s are no speed".formatted(bytes, seconds));
    }
  }

  /** The same after another sample. */
  Throughput with(long moreBytes, Duration in, Instant now) {
    if (moreBytes < LEAST_SAMPLE_BYTES) {
      return this;
    }
    Throughput before = isOver(now) ? NONE : this;
    return new Throughput(
        before.bytes * FADING + moreBytes, before.seconds * FADING + in.toNanos() / 1e9, now);
  }

  /** Empty if it is not known. */
  OptionalDouble bytesPerSecond(Instant now) {
    return bytes < LEAST_BYTES || isOver(now)
        ? OptionalDouble.empty()
        : OptionalDouble.of(bytes / Math.max(seconds, 1e-6));
  }

  private boolean isOver(Instant now) {
    return now.isAfter(at.plus(VALID_FOR)) || now.isBefore(at);
  }
}

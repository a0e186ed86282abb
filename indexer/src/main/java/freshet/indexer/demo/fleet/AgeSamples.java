package freshet.indexer.demo.fleet;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** The ages of one slave, sampled again and again. Used by one thread. */
public final class AgeSamples {
  private static final int MOST = 1 << 16;

  private long[] millis = new long[256];
  private int size;
  private long everyNth = 1;
  private long offered;
  private long max;

  /**
   * What the samples say.
   *
   * @param samples how many were taken
   * @param p50 half of them are at most this
   * @param p99 99 of 100 are at most this
   * @param max the highest
   */
  public record Ages(long samples, Duration p50, Duration p99, Duration max) {}

  /** Takes a sample. In a long demo every second one is dropped, again and again. */
  void add(Duration age) {
    max = Math.max(max, age.toMillis());
    if (offered++ % everyNth != 0) {
      return;
    }
    if (size == MOST) {
      for (int i = 0; i < MOST / 2; i++) {
        millis[i] = millis[2 * i];
      }
      size = MOST / 2;
      everyNth *= 2;
    } else if (size == millis.length) {
      millis = Arrays.copyOf(millis, size * 2);
    }
    millis[size++] = age.toMillis();
  }

  /** The percentiles, by nearest rank; empty without a sample. */
  public Optional<Ages> summary() {
    if (size == 0) {
      return Optional.empty();
    }
    long[] sorted = Arrays.copyOf(millis, size);
    Arrays.sort(sorted);
    return Optional.of(
        new Ages(offered, rank(sorted, 50), rank(sorted, 99), Duration.ofMillis(max)));
  }

  private static Duration rank(long[] sorted, int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
    return Duration.ofMillis(sorted[Math.max(rank, 1) - 1]);
  }
}

package freshet.replicator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void waitsAreDrawnBelowAnExponentialCeilingUpToTheCap() {
    Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), new Random(1));
    long[] ceilings = {200, 400, 800, 1600, 3200, 6400, 10_000, 10_000};
    for (int failures = 1; failures <= 100; failures++) {
      long ceiling = ceilings[Math.min(failures, ceilings.length) - 1];
      for (int i = 0; i < 50; i++) {
        assertThat(backoff.after(failures))
            .isBetween(Duration.ofMillis(20), Duration.ofMillis(ceiling));
      }
    }
  }

  @Test
  void theWholeRangeIsUsed() {
    Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), new Random(1));
    long sum = 0;
    for (int i = 0; i < 1000; i++) {
      sum += backoff.after(9).toMillis();
    }
    assertThat(sum / 1000).isBetween(4500L, 5500L);
  }
}

package freshet.indexer.merge;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.runtime.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FinishedMergesTest {
  private static final FinishedMerge X = new FinishedMerge("x", List.of("_7.cfs"));
  private static final FinishedMerge Y = new FinishedMerge("y", List.of("_3.cfs"));

  private final ManualTime time = new ManualTime(Instant.EPOCH);
  private final FinishedMerges merges =
      new FinishedMerges(1, new MergeAdvertising(100, Duration.ofSeconds(2)), time);

  @Test
  void aLargeOneWaitsUntilItHasBeenAdvertisedForLongEnough() {
    assertThat(merges.add(X, 101)).isTrue();
    time.advance(Duration.ofHours(1));
    assertThat(merges.mayEnter(X)).as("nobody has heard of it").isFalse();

    merges.advertised(List.of(X));
    assertThat(merges.mayEnter(X)).isFalse();
    time.advance(Duration.ofSeconds(1));
    merges.advertised(List.of(X));
    time.advance(Duration.ofSeconds(1));
    assertThat(merges.mayEnter(X)).isTrue();
  }

  @Test
  void aSmallOneWaitsForNothing() {
    assertThat(merges.add(X, 100)).isFalse();
    assertThat(merges.all()).isEmpty();
  }

  @Test
  void oneMoreThanFitsWaitsForNothing() {
    assertThat(merges.add(X, 101)).isTrue();
    assertThat(merges.add(Y, 101)).isFalse();
    merges.remove(X);
    assertThat(merges.add(Y, 101)).isTrue();
    assertThat(merges.all()).containsExactly(Y);
  }

  @Test
  void whatWasAdvertisedOfAnEarlierMergeDoesNotCount() {
    merges.add(X, 101);
    merges.advertised(List.of(new FinishedMerge("x", List.of("_6.cfs")), Y));
    time.advance(Duration.ofMinutes(1));

    assertThat(merges.mayEnter(X)).isFalse();
  }

  @Test
  void inTheEndNoneWaits() {
    merges.add(X, 101);
    merges.end();

    assertThat(merges.mayEnter(X)).isTrue();
    assertThat(merges.add(Y, 101)).isFalse();
  }
}

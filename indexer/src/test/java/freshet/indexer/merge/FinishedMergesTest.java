package freshet.indexer.merge;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.Digest;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.snapshot.FileEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FinishedMergesTest {
  private static final FinishedMerge X = merge("x", "_7");
  private static final FinishedMerge Y = merge("y", "_3");

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

  @ParameterizedTest(name = "after {0} s, {2} of {1} slaves have it: {3}")
  @CsvSource({
    "0,   0, 0, false",
    "1, 0, 0, false",
    "2, 0, 0, true",
    "0,   4, 0, false",
    "9, 4, 2, false",
    "0, 4, 3, true",
    "0, 4, 4, true",
    "2,   1, 0, false",
    "9, 1, 0, false",
    "10, 1, 0, true",
  })
  void itEntersOnceEnoughSlavesHaveItOrTimePassed(
      int seconds, int slaves, int having, boolean expected) {
    MergeAdvertising rule =
        new MergeAdvertising(100, Duration.ofSeconds(2), Duration.ofSeconds(10), 75);

    assertThat(rule.isEnough(Duration.ofSeconds(seconds), slaves, having)).isEqualTo(expected);
  }

  @Test
  void itEntersWhenTheSlavesHaveIt() {
    merges.add(X, 101);
    merges.prepared(1, Map.of("x/_6", 1));
    merges.advertised(List.of(X));
    time.advance(Duration.ofMinutes(1));
    assertThat(merges.mayEnter(X)).as("the slave has another").isFalse();

    merges.prepared(1, Map.of("x/_7", 1));
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
    merges.advertised(List.of(merge("x", "_6"), Y));
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

  private static FinishedMerge merge(String index, String segment) {
    FileEntry file = new FileEntry(segment + ".cfs", 101, Digest.ofText(segment), segment);
    return new FinishedMerge(index, List.of(file), null);
  }
}

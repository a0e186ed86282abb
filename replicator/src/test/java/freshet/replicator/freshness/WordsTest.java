package freshet.replicator.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void agesAreSpread() {
    List<Age> ages = IntStream.rangeClosed(1, 200).mapToObj(WordsTest::age).toList();

    assertThat(Words.spread(ages.reversed())).isEqualTo("p50 100 ms, p99 198 ms, max 200 ms");
    assertThat(Words.spread(List.of(age(7)))).isEqualTo("p50 7 ms, p99 7 ms, max 7 ms");
  }

  @Test
  void anUnknownAgeIsTheHighest() {
    Stream<Age> known = IntStream.rangeClosed(1, 150).mapToObj(WordsTest::age);

    assertThat(Words.spread(Stream.concat(Stream.of(new Age.Unknown("")), known).toList()))
        .isEqualTo("p50 76 ms, p99 150 ms, max unknown");
  }

  @Test
  void stagesAreNamedInTheirOrder() {
    assertThat(
            new StageAges(
                    Duration.ZERO,
                    Duration.ofMillis(1_200),
                    Duration.ofMillis(12),
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ofMillis(3))
                .sentence())
        .isEqualTo("waiting for poll 1.2 s, poll 12 ms, switch 3 ms");
    assertThat(StageAges.NONE.sentence()).isEmpty();
  }

  private static Age age(int millis) {
    return new Age.Known(Duration.ofMillis(millis));
  }
}

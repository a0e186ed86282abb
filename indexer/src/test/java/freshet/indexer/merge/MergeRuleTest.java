package freshet.indexer.merge;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.merge.MergeRule.Candidate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergeRuleTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final MergeLimits AT_NIGHT =
      new MergeLimits(MergeLimits.UNLIMITED, 1000, MergeHours.parse("01:00-05:00 UTC"));

  @ParameterizedTest(name = "{0} beside [{1}] with {2} threads: {3}")
  @CsvSource({
    "5,    '',        1, true",
    "5,    '9',       1, true",
    "9,    '5',       1, false",
    "5,    '5',       1, false",
    "1,    '5 9',     1, false",
    "9,    '5',       2, true",
    "6,    '5 9',     2, true",
    "10,   '5 9',     2, false",
    "1,    '2 5 9',   2, true",
    "1,    '2 3 5 9', 2, false",
  })
  void oneMoreBeginsWhereAThreadIsFreeOrALargerOneCanPause(
      long bytes, String begun, int threads, boolean expected) {
    assertThat(MergeRule.mayBegin(new Candidate(bytes, 99), candidates(begun), threads))
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} among [{1}] with {2} threads: {3}")
  @CsvSource({
    "5, '5',     1, true",
    "9, '5 9',   1, false",
    "5, '9 5',   1, true",
    "9, '5 9',   2, true",
    "9, '2 5 9', 2, false",
  })
  void asManyOfTheSmallestWorkAsThereAreThreads(
      long bytes, String begun, int threads, boolean expected) {
    List<Candidate> all = candidates(begun);
    Candidate one = all.stream().filter(c -> c.bytes() == bytes).findFirst().orElseThrow();

    assertThat(MergeRule.mayGoOn(one, all, threads)).isEqualTo(expected);
  }

  @Test
  void ofEqualOnesTheFirstGoesOn() {
    Candidate first = new Candidate(5, 1);
    Candidate second = new Candidate(5, 2);

    assertThat(MergeRule.mayGoOn(first, List.of(second, first), 1)).isTrue();
    assertThat(MergeRule.mayGoOn(second, List.of(second, first), 1)).isFalse();
  }

  @Test
  void bigOnesWaitForTheirHours() {
    assertThat(MergeRule.reasonToWait(AT_NIGHT, 1000, Optional.empty(), NOON)).isEmpty();
    assertThat(MergeRule.reasonToWait(AT_NIGHT, 1001, Optional.empty(), NOON))
        .hasValue(
            "it is larger than merge.big_above (1,000 bytes), and merge.big_hours are 01:00-05:00"
                + " UTC: it may begin at 2026-03-02T01:00:00Z");
    assertThat(
            MergeRule.reasonToWait(
                AT_NIGHT, 1001, Optional.empty(), Instant.parse("2026-03-02T01:00:00Z")))
        .isEmpty();
  }

  @Test
  void aFailedOneWaitsBeforeItIsTriedAgain() {
    Optional<MergeFailure> failure =
        Optional.of(new MergeFailure("no space left", NOON.plusSeconds(60)));

    assertThat(MergeRule.reasonToWait(MergeLimits.NONE, 1, failure, NOON.plusSeconds(59)))
        .hasValue("it failed (no space left) and is tried again at 2026-03-01T12:01:00Z");
    assertThat(MergeRule.reasonToWait(MergeLimits.NONE, 1, failure, NOON.plusSeconds(60)))
        .isEmpty();
  }

  private static List<Candidate> candidates(String sizes) {
    String[] bytes = sizes.isEmpty() ? new String[0] : sizes.split(" ");
    return IntStream.range(0, bytes.length)
        .mapToObj(i -> new Candidate(Long.parseLong(bytes[i]), i))
        .toList();
  }
}

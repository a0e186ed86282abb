package freshet.indexer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.indexer.rebuild.RebuildLimits;
import freshet.indexer.scan.ScanLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitWishesTest {
  private static final RebuildLimits CONFIGURED =
      new RebuildLimits(4, new ScanLimits(1_000, Duration.ofSeconds(10), 25));

  @Test
  void whatIsNotTypedStaysAsItWas() {
    assertThat(LimitWishes.NONE.over(CONFIGURED)).isEqualTo(CONFIGURED);
    assertThat(new LimitWishes(2, null, "500ms", null).over(CONFIGURED))
        .isEqualTo(new RebuildLimits(2, new ScanLimits(1_000, Duration.ofMillis(500), 25)));
  }

  @Test
  void unlimitedTakesALimitAway() {
    assertThat(new LimitWishes(null, "unlimited", "unlimited", "unlimited").over(CONFIGURED))
        .isEqualTo(new RebuildLimits(4, ScanLimits.NONE));
  }

  @Test
  void theLastWordCounts() {
    LimitWishes typed = new LimitWishes(2, "500", null, null);
    LimitWishes later = new LimitWishes(null, "unlimited", "3s", null);
    assertThat(typed.then(later)).isEqualTo(new LimitWishes(2, "unlimited", "3s", null));
    assertThat(typed.then(LimitWishes.NONE)).isEqualTo(typed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0    |      |     |     | 0 threads: a number from 1 to 256 is expected",
        "300  |      |     |     | 300 threads: a number from 1 to 256 is expected",
        "     | 0    |     |     | '0': a whole number above 0, or unlimited is expected",
        "     | many |     |     | 'many': a whole number above 0, or unlimited is expected",
        "     |      | 0s  |     | '0s': a duration above 0 such as 10s, or unlimited is expected",
        "     |      | ten |     | 'ten': a duration above 0 such as 10s, or unlimited is expected",
        "     |      |     | -1  | '-1': a whole number above 0, or unlimited is expected",
      })
  void whatMakesNoSenseIsNamed(
      Integer threads, String rows, String lag, String running, String message) {
    assertThatThrownBy(() -> new LimitWishes(threads, rows, lag, running).over(CONFIGURED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}

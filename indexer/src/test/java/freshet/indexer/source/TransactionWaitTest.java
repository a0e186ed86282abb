package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.source.Remembered.Waiting;
import freshet.indexer.source.TransactionWait.Decision;
import freshet.indexer.source.TransactionWait.Lost;
import freshet.indexer.source.TransactionWait.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How long transactions are waited for: ten minutes. */
class TransactionWaitTest {
  private static final Instant NOW = Instant.parse("2024-05-06T07:08:09Z");
  private static final TransactionWait WAIT = new TransactionWait(Duration.ofMinutes(10));

  private static Waiting since(String gtid, int seconds) {
    return new Waiting(gtid, NOW.minusSeconds(seconds));
  }

  static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of("the first time", null, new Wait(since("a:1-9", 0))),
        Arguments.of("still within", since("a:1-9", 599), new Wait(since("a:1-9", 599))),
        Arguments.of("long enough", since("a:1-9", 600), new Lost(Duration.ofMinutes(10))),
        Arguments.of("others by now", since("a:1-8", 600), new Wait(since("a:1-9", 0))),
        Arguments.of("a clock set back", since("a:1-9", -5), new Wait(since("a:1-9", 0))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void waitsAndThenCallsThemLost(String name, @Nullable Waiting before, Decision decision) {
    assertThat(WAIT.decide(before, "a:1-9", NOW)).isEqualTo(decision);
  }
}

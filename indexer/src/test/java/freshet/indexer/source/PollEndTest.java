package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.session.Lag;
import freshet.indexer.source.PollEnd.Deletions;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What may be claimed, and for want of what it may not. */
class PollEndTest {
  private static final Lag KNOWN = new Lag.Known(Duration.ofSeconds(1));
  private static final Lag UNKNOWN = new Lag.Unknown("NULL");
  private static final long HORIZON = 1_000;

  static Stream<Arguments> claims() {
    return Stream.of(
        row(false, true, false, KNOWN, null, null, HORIZON, null),
        // A connection that was lost and replaced loses nothing if the end was reached.
        row(false, true, true, KNOWN, null, null, HORIZON, null),
        row(true, true, false, KNOWN, null, null, null, "the poll was stopped"),
        row(true, false, true, UNKNOWN, "a diff runs", null, null, "the poll was stopped"),
        row(false, false, true, KNOWN, null, null, null, "the connection was lost"),
        row(false, false, false, KNOWN, null, null, null, "there is more to read"),
        row(false, true, false, UNKNOWN, null, null, null, "the lag is unknown: NULL"),
        row(false, true, false, KNOWN, "a diff runs", null, null, "a diff runs"),
        row(false, true, false, KNOWN, null, new Deletions(null), null, "leave no trace"),
        row(false, true, false, KNOWN, null, new Deletions(900L), 900L, null),
        row(false, true, false, KNOWN, null, new Deletions(1_100L), HORIZON, null),
        row(false, true, false, UNKNOWN, null, new Deletions(900L), null, "the lag is unknown"));
  }

  private static Arguments row(
      boolean isStopped,
      boolean reachedEnd,
      boolean hasLostConnection,
      Lag lag,
      @Nullable String gate,
      @Nullable Deletions deletions,
      @Nullable Long through,
      @Nullable String whyNot) {
    return Arguments.of(
        new PollEnd(isStopped, reachedEnd, hasLostConnection, lag, gate, HORIZON, deletions),
        through,
        whyNot);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("claims")
  void claim(PollEnd end, @Nullable Long through, @Nullable String whyNot) {
    Claim claim = end.claim();
    if (whyNot == null) {
      assertThat(claim).isEqualTo(Claim.of(Objects.requireNonNull(through)));
    } else {
      assertThat(claim.readThrough()).isNull();
      assertThat(claim.whyNot()).contains(whyNot);
    }
  }
}

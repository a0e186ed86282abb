package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayRuleTest {
  private static final long MB = 1 << 20;

  @ParameterizedTest(name = "{0}, {1} of {2} MB to fetch, fetch {3} MB/s, replay {4} MB/s: {5}")
  @CsvSource({
    "NEVER,  0, 10,   1, 100, fetch,  pull.replay is never",
    "NEVER,  0, 10,    ,    , fetch,  pull.replay is never",
    "ALWAYS, 0, 10, 100,   1, replay, pull.replay is always",
    "ALWAYS, 9, 10, 100,   1, replay, pull.replay is always",
    "ALWAYS, 10, 10, 100,  1, fetch,  its sources are as large as it is",
    "AUTO,   6, 10,    ,    , fetch,  less than half of it would be saved",
    "AUTO,   6, 10,   1, 100, fetch,  less than half of it would be saved",
    "AUTO,   0, 10,   1, 100, replay, 'merging makes 100.0 MB/s, fetching 1.0 MB/s'",
    "AUTO,   0, 10, 100,  20, fetch,  'merging makes 20.0 MB/s, fetching 100.0 MB/s'",
    "AUTO,   0, 10,  20,  20, replay, 'merging makes 20.0 MB/s, fetching 20.0 MB/s'",
    "AUTO,   5, 10,  20,  30, fetch,  'merging makes 30.0 MB/s, fetching 20.0 MB/s'",
    "AUTO,   5, 10,  20,  60, replay, 'merging makes 60.0 MB/s, fetching 20.0 MB/s'",
    "AUTO,   0, 10,    ,   1, replay, 'the speed of fetching is not measured yet, and replaying saves bytes'",
    "AUTO,   0, 10, 100,    , replay, 'the speed of merging is not measured yet, and replaying saves bytes'",
    "AUTO,   0, 0.9, 100,  1, replay, it is small",
    "AUTO,   0, 1.0, 100,  1, fetch,  'merging makes 1.0 MB/s, fetching 100.0 MB/s'"
  })
  void theQuickerWayIsTaken(
      ReplayMode mode,
      double toFetch,
      double size,
      Double fetch,
      Double replay,
      String expected,
      String reason) {
    ReplayRule rule = new ReplayRule(mode, speed(fetch), speed(replay));

    ReplayRule.Choice choice = rule.decide((long) (size * MB), (long) (toFetch * MB));

    assertThat(choice.reason()).isEqualTo(reason);
    assertThat(choice instanceof ReplayRule.Choice.Replay).isEqualTo(expected.equals("replay"));
  }

  @Test
  void whatIsNotMeasuredIsReplayed() {
    assertThat(ReplayRule.of(ReplayMode.AUTO).ofLargeMerges())
        .isInstanceOf(ReplayRule.Choice.Replay.class);
    assertThat(ReplayRule.of(ReplayMode.NEVER).ofLargeMerges())
        .isInstanceOf(ReplayRule.Choice.Fetch.class);
  }

  private static OptionalDouble speed(Double megabytes) {
    return megabytes == null ? OptionalDouble.empty() : OptionalDouble.of(megabytes * MB);
  }
}

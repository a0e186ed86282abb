package freshet.indexer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Options and positions, as far as they need no server. */
class SessionOptionsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.0001S", "PT25H", "P10000D"})
  void timeoutsAreFinite(Duration wrong) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Timeouts(SECOND, SECOND, wrong, SECOND, SECOND))
        .withMessageContaining("first row");
  }

  @Test
  void mariaDbPositionContainsByDomain() {
    assertThat(GtidPosition.contains("0-1-10,1-7-3", "0-2-10")).isTrue();
    assertThat(GtidPosition.contains("0-1-10", "0-1-11")).isFalse();
    assertThat(GtidPosition.contains("0-1-10", "0-1-1,1-7-3")).isFalse();
    assertThat(GtidPosition.contains("", "")).isTrue();
    assertThat(GtidPosition.contains("0-1-10", "3e11fa47-71ca-11e1:1-5")).isFalse();
  }

  @Test
  void silenceOfTheSourceCountsAsLagAndTooMuchOfItAsNotKnowing() {
    Lag lag = new Lag.Known(Duration.ofSeconds(4));
    Duration heartbeat = Duration.ofSeconds(30);
    assertThat(lag.given(new Silence(Duration.ofSeconds(20), heartbeat)))
        .isEqualTo(new Lag.Known(Duration.ofSeconds(24)));
    assertThat(lag.given(new Silence(Duration.ofSeconds(62), heartbeat)))
        .isInstanceOf(Lag.Known.class);
    assertThat(lag.given(new Silence(Duration.ofSeconds(63), heartbeat)))
        .isEqualTo(
            new Lag.Unknown(
                "nothing was heard of the source for 63000 ms, though its heartbeat is due every 30000 ms; the replica says 3 s meanwhile"));
    assertThat(lag.given(new Silence(Duration.ofHours(1), Duration.ZERO))).isEqualTo(lag);
    Lag unknown = new Lag.Unknown("stopped");
    assertThat(unknown.given(new Silence(Duration.ZERO, heartbeat))).isEqualTo(unknown);
  }

  @Test
  void lagIsKnownOnlyWhileBothThreadsRun() {
    Map<String, String> row =
        Map.of(
            "replica_io_running", "Yes",
            "replica_sql_running", "Yes",
            "seconds_behind_source", "3");
    assertThat(Lag.ofStatus(List.of(row))).isEqualTo(new Lag.Known(Duration.ofSeconds(4)));
    assertThat(Lag.ofStatus(List.of())).isInstanceOf(Lag.Unknown.class);
    assertThat(
            Lag.ofStatus(
                List.of(
                    Map.of(
                        "slave_io_running", "Connecting",
                        "slave_sql_running", "Yes",
                        "seconds_behind_master", "0"))))
        .isInstanceOf(Lag.Unknown.class);
    assertThat(
            Lag.ofStatus(
                List.of(row, Map.of("replica_io_running", "Yes", "replica_sql_running", "No"))))
        .isInstanceOf(Lag.Unknown.class);
  }
}

package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.app.FreshnessCheck.State;
import freshet.replicator.app.FreshnessCheck.Verdict;
import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.AgeReport;
import freshet.replicator.freshness.Canary;
import freshet.replicator.freshness.CanaryReport;
import freshet.replicator.freshness.SlaveStatus;
import freshet.replicator.freshness.StageAges;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Generation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreshnessCheckTest {
  private static final FreshnessCheck CHECK =
      new FreshnessCheck(Duration.ofMinutes(2), Duration.ofMinutes(5));

  @ParameterizedTest
  @CsvSource({
    "0, OK, 0",
    "120000, OK, 0",
    "120001, WARNING, 1",
    "300000, WARNING, 1",
    "300001, CRITICAL, 2"
  })
  void anAgeIsJudgedByTwoThresholds(long millis, State state, int code) {
    Verdict verdict = CHECK.judge(status(new Age.Known(Duration.ofMillis(millis)), null));

    assertThat(verdict.state()).isEqualTo(state);
    assertThat(verdict.state().code()).isEqualTo(code);
  }

  @Test
  void theLineHasPerformanceData() {
    Verdict verdict = CHECK.judge(status(new Age.Known(Duration.ofMillis(1_812)), null));

    assertThat(verdict.line())
        .isEqualTo(
            "FRESHNESS OK - slave-1: at most 1.8 s behind the database, oldest city akron,"
                + " generation 1-0000000007; waits for news"
                + " | age=1.812s;120.000;300.000;0 documents=70;;;0");
  }

  @Test
  void anUnknownAgeIsUnknownAndStaysOnOneLine() {
    Verdict verdict = CHECK.judge(status(new Age.Unknown("never | complete\nyet"), null));

    assertThat(verdict.state().code()).isEqualTo(3);
    assertThat(verdict.line())
        .isEqualTo(
            "FRESHNESS UNKNOWN - slave-1: the age is unknown: never / complete yet; waits for news");
  }

  /** By how old what is served must be at least: it is written every ten seconds. */
  @ParameterizedTest
  @CsvSource({"130000, OK", "130001, WARNING", "310001, CRITICAL", ", WARNING"})
  void aCanaryIsJudgedByTheSameThresholds(@Nullable Long millis, State state) {
    Age age =
        millis == null ? new Age.Unknown("not found") : new Age.Known(Duration.ofMillis(millis));

    Verdict verdict = CHECK.judge(status(new Age.Known(Duration.ZERO), canary(age)));

    assertThat(verdict.state()).isEqualTo(state);
  }

  @Test
  void theWorseOfAgeAndCanaryCountsAndBothAreShown() {
    CanaryReport canary = canary(new Age.Known(Duration.ofMillis(2_100)));

    Verdict verdict = CHECK.judge(status(new Age.Known(Duration.ofMinutes(3)), canary));

    assertThat(verdict.line())
        .startsWith("FRESHNESS WARNING - slave-1: at most 3 min 0 s behind the database")
        .endsWith(
            "; waits for news; canary: document 0 of city akron, written 2.1 s ago, at"
                + " 1970-01-01T00:00:00Z | age=180.000s;120.000;300.000;0 documents=70;;;0"
                + " canary=2.100s;;;0");
    assertThat(
            CHECK.judge(status(new Age.Known(Duration.ZERO), canary(new Age.Unknown("x")))).line())
        .contains("; canary: document 0 of city akron, tells no time: x | age=")
        .doesNotContain("canary=");
  }

  @Test
  void thresholdsThatContradictEachOtherAreRefused() {
    assertThatThrownBy(() -> new FreshnessCheck(Duration.ofMinutes(6), Duration.ofMinutes(5)))
        .hasMessage("-w must be above zero and not above -c, found -w 6m -c 5m");
  }

  private static CanaryReport canary(Age age) {
    Canary canary = new Canary("0", new City("akron"), null, Duration.ofSeconds(10));
    return new CanaryReport(canary, age, Instant.EPOCH);
  }

  private static SlaveStatus status(Age age, @Nullable CanaryReport canary) {
    Duration known = age instanceof Age.Known(Duration atMost) ? atMost : null;
    return new SlaveStatus(
        "slave-1",
        Instant.EPOCH,
        new Generation(1, 7),
        70,
        null,
        new AgeReport(age, new City("akron"), Instant.EPOCH, 1, 0, known, StageAges.NONE, ""),
        canary,
        "waits for news",
        null,
        null,
        0,
        0,
        null,
        0,
        null,
        List.of(),
        null,
        null,
        null);
  }
}

package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.AgeReport;
import freshet.replicator.freshness.Canary;
import freshet.replicator.freshness.CanaryReport;
import freshet.replicator.freshness.StageAges;
import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadinessTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** The canary is written every ten seconds, so that much of its age may be its own. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "60, -,",
        "61, -, the age of city berlin is up to 61000 ms",
        "-, -, never complete",
        "-, 1, never complete",
        "0, 70,",
        "0, 71, the canary: document 0 of city beat",
        "61, 500, the age of city berlin is up to 61000 ms",
        "0, unseen,",
      })
  void onlyWhatIsProvedToBeTooOldKeepsQueriesAway(
      @Nullable Integer age, @Nullable String canary, @Nullable String why) {
    String found = Readiness.whyNot(report(age), canary(canary), LIMIT).orElse("");

    assertThat(found).startsWith(why == null ? "" : why);
    assertThat(found.isEmpty()).isEqualTo(why == null);
  }

  @Test
  void aCanaryThatIsTooOldSaysWhatItProves() {
    assertThat(Readiness.whyNot(report(2), canary("500"), LIMIT))
        .contains(
            "the canary: document 0 of city beat, written 8 min 20 s ago, at 2026-03-01T11:51:40Z;"
                + " it should be written every 10.0 s, so that what is served is at least 8 min 10 s"
                + " behind the database, above the limit of 1 min 0 s");
  }

  private static AgeReport report(@Nullable Integer seconds) {
    Duration known = seconds == null ? null : Duration.ofSeconds(seconds);
    return new AgeReport(
        known == null ? new Age.Unknown("never complete") : new Age.Known(known),
        new City("berlin"),
        null,
        1,
        known == null ? 1 : 0,
        known,
        StageAges.NONE,
        "");
  }

  private static @Nullable CanaryReport canary(@Nullable String seconds) {
    if (seconds == null) {
      return null;
    }
    Canary canary = new Canary("0", new City("beat"), null, Duration.ofSeconds(10));
    if (seconds.equals("unseen")) {
      return new CanaryReport(canary, new Age.Unknown("not found"), null);
    }
    Duration age = Duration.ofSeconds(Long.parseLong(seconds));
    return new CanaryReport(canary, new Age.Known(age), NOON.minus(age));
  }
}

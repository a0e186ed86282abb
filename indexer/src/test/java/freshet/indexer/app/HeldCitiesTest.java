package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.app.HeldCities.Held;
import freshet.indexer.build.BatchCounts;
import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CycleReport;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.SnapshotCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class HeldCitiesTest {
  private static final City X = new City("x");
  private static final City Y = new City("y");
  private static final Instant ONE = Instant.ofEpochSecond(1);
  private static final Instant TWO = Instant.ofEpochSecond(2);

  private final HeldCities none = new HeldCities(Collections.emptySortedMap());

  @Test
  void aCityIsHeldSinceItWasLeftBehindForTheLastReasonGiven() {
    HeldCities first =
        none.after(report(ONE, Map.of(X, "disk full"), Map.of(Y, "x is held"), X, Y));
    assertThat(first.cities())
        .containsExactly(
            Map.entry(X, new Held(ONE, "disk full", null)),
            Map.entry(Y, new Held(ONE, "x is held", null)));

    HeldCities second = first.after(report(TWO, Map.of(), Map.of(X, "gate"), X, Y));
    assertThat(second.cities())
        .containsExactly(
            Map.entry(X, new Held(ONE, "gate", null)),
            Map.entry(Y, new Held(ONE, "x is held", null)));

    assertThat(second.after(report(TWO, Map.of(), Map.of(), Y)).cities()).containsOnlyKeys(Y);
  }

  @Test
  void oneThatNothingIsSaidOfCatchesUp() {
    assertThat(none.after(report(ONE, Map.of(), Map.of(), X)).cities())
        .containsExactly(Map.entry(X, new Held(ONE, "it catches up", null)));
  }

  @Test
  void oneThatKeepsFailingIsSaidToBeTriedAgainLater() {
    CycleReport failed =
        report(ONE, Map.of(X, "disk full"), Map.of(), Map.of(), Map.of(X, TWO), X, Y);
    assertThat(none.after(failed).cities().get(X))
        .hasToString("since 1970-01-01T00:00:01Z: disk full; tried again at 1970-01-01T00:00:02Z");
    assertThat(none.after(failed).cities().get(Y).nextTry()).isNull();
  }

  @Test
  void itSurvivesJson() throws Exception {
    HeldCities held =
        none.after(report(ONE, Map.of(X, "disk full"), Map.of(), Map.of(), Map.of(X, TWO), X, Y));
    assertThat(SnapshotCodec.read(SnapshotCodec.write(held), HeldCities.class, "held"))
        .isEqualTo(held);
  }

  @Test
  void whatTheGateHoldsIsToldApartFromWhatIsReadAgain() {
    HeldCities cities =
        none.after(report(ONE, Map.of(), Map.of(), Map.of(X, "few documents"), Map.of(), X));
    assertThat(cities.cities().get(X).reason())
        .isEqualTo("the publish gate holds it: few documents");
  }

  private static CycleReport report(
      Instant started, Map<City, String> failed, Map<City, String> withheld, City... behind) {
    return report(started, failed, withheld, Map.of(), Map.of(), behind);
  }

  private static CycleReport report(
      Instant started,
      Map<City, String> failed,
      Map<City, String> withheld,
      Map<City, String> held,
      Map<City, Instant> nextTries,
      City... behind) {
    return new CycleReport(
        started,
        new CycleOutcome.Refreshed(new Generation(1, 1)),
        null,
        BatchCounts.NONE,
        0,
        0,
        0,
        sorted(failed),
        sorted(withheld),
        sorted(held),
        new TreeSet<>(List.of(behind)),
        new TreeMap<>(nextTries),
        false,
        null,
        null,
        List.of(),
        new CycleReport.StageTimes(
            Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO));
  }

  private static SortedMap<City, String> sorted(Map<City, String> map) {
    return new TreeMap<>(map);
  }
}

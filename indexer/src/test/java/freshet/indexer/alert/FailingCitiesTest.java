package freshet.indexer.alert;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BatchCounts;
import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CycleReport;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Generation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FailingCitiesTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final City BONN = new City("bonn");
  private static final City COLOGNE = new City("köln");
  private static final CycleOutcome WELL = new CycleOutcome.Refreshed(new Generation(1, 7));
  private static final CycleOutcome FAILED =
      new CycleOutcome.Failed(
          CycleOutcome.Stage.POLL, "Unreachable", "refused", true, new IllegalStateException());

  @Test
  void aCityFailsUntilACycleServesItWell() {
    FailingCities failing = FailingCities.NONE.after(report(WELL, Set.of(BONN, COLOGNE), Set.of()));
    assertThat(failing.cities()).containsOnlyKeys(BONN, COLOGNE);

    failing = failing.after(report(WELL, Set.of(BONN), Set.of()));
    assertThat(failing.cities()).containsOnlyKeys(BONN);
  }

  @Test
  void aCityThatWaitsForItsNextTryStillFails() {
    FailingCities failing = FailingCities.NONE.after(report(WELL, Set.of(COLOGNE), Set.of()));

    failing = failing.after(report(WELL, Set.of(), Set.of(COLOGNE)));
    assertThat(failing.cities()).containsExactlyEntriesOf(Map.of(COLOGNE, "read-only"));
    assertThat(failing.after(report(WELL, Set.of(), Set.of())).cities()).isEmpty();
  }

  @Test
  void aCycleThatFailsAsAWholeSaysNothingOfCities() {
    FailingCities failing = FailingCities.NONE.after(report(WELL, Set.of(COLOGNE), Set.of()));

    assertThat(failing.after(report(FAILED, Set.of(), Set.of())).cities())
        .containsOnlyKeys(COLOGNE);
  }

  @Test
  void aCityThatOnlyWaitsFailsNot() {
    assertThat(FailingCities.NONE.after(report(WELL, Set.of(), Set.of(COLOGNE))).cities())
        .isEmpty();
  }

  /** Köln is behind throughout. */
  private static CycleReport report(CycleOutcome outcome, Set<City> failed, Set<City> waiting) {
    return new CycleReport(
        NOON,
        outcome,
        null,
        BatchCounts.NONE,
        0,
        0,
        0,
        new TreeMap<>(failed.stream().collect(Collectors.toMap(c -> c, c -> "read-only"))),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeSet<>(Set.of(COLOGNE)),
        new TreeMap<>(waiting.stream().collect(Collectors.toMap(c -> c, c -> NOON))),
        false,
        null,
        null,
        List.of(),
        new CycleReport.StageTimes(
            Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO));
  }
}

package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.rebuild.RebuildProgress;
import freshet.indexer.rebuild.RebuildState.Phase;
import freshet.indexer.scan.WaitReason;
import freshet.replicator.command.Json;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.SnapshotCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RebuildTextTest {
  private static final Instant STARTED = Instant.parse("2026-01-02T03:04:05Z");
  private static final RebuildProgress READING =
      new RebuildProgress(
          Phase.READING,
          1_100,
          1_234,
          5_000,
          300,
          Duration.ofSeconds(75),
          "replica lag is 12 s",
          Map.of(WaitReason.REPLICA_LAG, Duration.ofSeconds(9)));

  @Test
  void readingTellsShareRateTimeLeftAndWhatItWaitsFor() {
    assertThat(RebuildText.of(READING))
        .isEqualTo(
            "reading: 1,234 of about 5,000 rows (24 %), 1,100 documents, 300 rows/s, 1m 15s left;"
                + " waits: replica lag is 12 s");
  }

  @Test
  void catchingUpTellsDocuments() {
    assertThat(
            RebuildText.of(
                new RebuildProgress(Phase.CATCHING_UP, 7, 9, 9, 0, null, null, Map.of())))
        .isEqualTo("catching up with what changed meanwhile: 7 documents");
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT59S, 59s",
    "PT60S, 1m",
    "PT61S, 1m 1s",
    "PT59M59S, 59m 59s",
    "PT1H, 1h",
    "PT1H1M1S, 1h 1m",
    "PT26H, 26h"
  })
  void theTimeLeftIsRounded(Duration left, String text) {
    assertThat(RebuildText.timeLeft(left)).isEqualTo(text);
  }

  @Test
  void theStatusNamesWhoWorksAtItAndWhatToDo() {
    assertThat(RebuildText.of(status(Phase.READING, null, 42L, READING)))
        .isEqualTo(
            "rebuild of all cities since 2026-01-02T03:04:05Z: "
                + RebuildText.of(READING)
                + "; process 42");
    assertThat(RebuildText.of(status(Phase.READING, List.of("a b", "c"), null, READING)))
        .isEqualTo(
            "rebuild of a b, c since 2026-01-02T03:04:05Z: nobody works at it (READING); go on"
                + " with: bin/indexer rebuild --city 'a b' --city 'c'");
    assertThat(RebuildText.ofFirst(status(Phase.READING, null, null, READING)))
        .endsWith("nobody works at it (READING); go on with: bin/indexer build");
    assertThat(RebuildText.of(status(Phase.READY, null, null, READING)))
        .endsWith("ready; waits for the master to switch, which it does with its next cycle");
    assertThat(
            RebuildText.of(
                new RebuildStatus(
                    Phase.READY, null, STARTED, 42L, READING, "slaves fetch it: 1 of 3")))
        .endsWith(": ready; slaves fetch it: 1 of 3; process 42");
    assertThat(RebuildText.of(status(Phase.SWITCHING, null, 42L, READING)))
        .endsWith("the master switches to it; process 42");
  }

  @Test
  void aPlainScreenHasALineEveryFewSecondsAndForEachPhase() {
    List<String> lines = new ArrayList<>();
    RebuildScreen.Lines screen = new RebuildScreen.Lines(lines::add);
    for (int second = 0; second < 11; second++) {
      screen.show(READING);
    }
    assertThat(lines).hasSize(3);
    screen.show(new RebuildProgress(Phase.CATCHING_UP, 7, 9, 9, 0, null, null, Map.of()));
    assertThat(lines).hasSize(4).last().asString().startsWith("catching up");
  }

  @Test
  void theStatusSurvivesJson() throws Exception {
    RebuildStatus status = status(Phase.READING, List.of("a", "b"), 42L, READING);
    String json = "{\"rebuild\":" + SnapshotCodec.writeText(status) + "}";
    assertThat(RebuildStatus.in(Json.parse(json))).hasValue(status);
    assertThat(RebuildStatus.in(Json.parse("{\"rebuild\":null}"))).isEmpty();
  }

  private static RebuildStatus status(
      Phase phase,
      @Nullable List<String> cities,
      @Nullable Long process,
      RebuildProgress progress) {
    return new RebuildStatus(
        phase,
        cities == null ? null : new TreeSet<>(cities.stream().map(City::new).toList()),
        STARTED,
        process,
        progress,
        null);
  }
}

package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.indexer.build.CityStatistics;
import freshet.indexer.merge.MergeFigures;
import freshet.replicator.command.Json;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.SnapshotCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StatusTextTest {
  @Test
  void whyCitiesAreBehindIsSaidOfTheFirstTen() throws Exception {
    SortedMap<City, HeldCities.Held> held = new TreeMap<>();
    for (int i = 10; i < 22; i++) {
      held.put(
          new City("c" + i),
          new HeldCities.Held(
              Instant.parse("2026-01-02T03:04:05Z"),
              "disk",
              i == 11 ? Instant.parse("2026-01-02T03:05:05Z") : null));
    }
    assertThat(StatusText.held(json(new HeldCities(held)).path("cities"), false))
        .hasSize(11)
        .startsWith(
            "  c10 is behind since 2026-01-02T03:04:05Z: disk",
            "  c11 is behind since 2026-01-02T03:04:05Z: disk; tried again at 2026-01-02T03:05:05Z")
        .endsWith("  and 2 more: --cities");
    assertThat(StatusText.held(json(new HeldCities(held)).path("cities"), true)).hasSize(12);
  }

  @Test
  void whatMergesWaitForIsSaid() throws Exception {
    MergeFigures figures =
        new MergeFigures(
            List.of(
                new MergeFigures.Running("x", 2000, 500, Duration.ofSeconds(1), false),
                new MergeFigures.Running("y", 9000, 10, Duration.ofSeconds(1), true)),
            List.of(new MergeFigures.Waiting("z", 50_000, "it is too big")),
            3,
            0,
            510,
            1 << 20);

    assertThat(figures.bytesPerSecond()).isEqualTo(510);
    assertThat(StatusText.merges(json(figures)))
        .containsExactly(
            "merges: 2 run, 1 wait, at most 1,048,576 bytes a second",
            "  x: 2,000 bytes, 500 written",
            "  y: 9,000 bytes, 10 written, pauses for smaller ones",
            "  z: 50,000 bytes, waits: it is too big");
  }

  @Test
  void nothingIsSaidOfMergesWhereNoneAre() throws Exception {
    MergeFigures none = new MergeFigures(List.of(), List.of(), 3, 0, 510, Long.MAX_VALUE);

    assertThat(StatusText.merges(json(none))).isEmpty();
    assertThat(StatusText.merges(Json.parse("null"))).isEmpty();
  }

  @Test
  void theLargestCitiesAreListedAndAllOnRequest() throws Exception {
    List<CityStatistics> cities = new ArrayList<>();
    for (int i = 1; i <= 12; i++) {
      cities.add(new CityStatistics(new City("c" + i), 10 * i, 1, 2, 1000 * i, Instant.EPOCH));
    }
    JsonNode statistics = json(new Statistics(cities)).path("statistics");

    List<String> lines = StatusText.cities(statistics, false);

    assertThat(lines)
        .hasSize(12)
        .startsWith(
            "working indexes: 12 cities, 780 documents, 12 deleted, 24 segments, 78,000 bytes",
            "  c12: 120 documents, 1 deleted, 2 segments, 12,000 bytes, committed at"
                + " 1970-01-01T00:00:00Z")
        .endsWith("  and 2 more: --cities");
    assertThat(StatusText.cities(statistics, true)).hasSize(13);
    assertThat(StatusText.cities(Json.parse("[]"), true)).isEmpty();
  }

  private record Statistics(List<CityStatistics> statistics) {}

  private static JsonNode json(Record value) throws Exception {
    return Json.parse(SnapshotCodec.writeText(value));
  }
}

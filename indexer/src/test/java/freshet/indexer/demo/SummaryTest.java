package freshet.indexer.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import freshet.indexer.demo.Summary.Verdict;
import freshet.indexer.demo.compare.Difference;
import freshet.indexer.demo.data.ChangeKind;
import freshet.indexer.demo.fleet.AgeSamples.Ages;
import freshet.indexer.demo.fleet.Damage;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private static final Duration HOLD = Duration.ofSeconds(3);

  @Test
  void jsonHasEverythingByStableNames() throws Exception {
    JsonNode json = new JsonMapper().readTree(summary().json());
    assertThat(json.path("verdict").asText()).isEqualTo("different");
    assertThat(json.path("documents").asLong()).isEqualTo(11_547);
    assertThat(json.path("changes").path("insert").asLong()).isEqualTo(5);
    assertThat(json.path("changes").path("late").asLong()).isEqualTo(5);
    assertThat(json.path("generations").asLong()).isEqualTo(57);
    assertThat(json.path("rescuedByOverlap").asLong()).isEqualTo(9);
    assertThat(json.path("ages").path("slave-1").path("p50").asText()).isEqualTo("PT0.9S");
    assertThat(json.path("ages").path("slave-1").path("p99").asText()).isEqualTo("PT2S");
    assertThat(json.path("ages").path("slave-1").path("max").asText()).isEqualTo("PT3S");
    JsonNode difference = json.path("differences").path(0);
    assertThat(difference.path("slave").asText()).isEqualTo("slave-1");
    assertThat(difference.path("document").asLong()).isEqualTo(7);
    assertThat(difference.path("kind").asText()).isEqualTo("field");
    assertThat(difference.path("field").asText()).isEqualTo("title");
    assertThat(difference.path("database").asText()).isEqualTo("a");
    assertThat(difference.path("served").asText()).isEqualTo("b");
    assertThat(json.path("sabotages").path(0).path("kind").asText()).isEqualTo("field");
    assertThat(json.path("problems").isEmpty()).isTrue();
  }

  @Test
  void textNamesDocumentFieldAndBothValues() {
    assertThat(summary().lines())
        .contains(
            "age of slave-1 p50 0.9 s, p99 2.0 s, max 3.0 s",
            "sabotage       slave-1: document 7 given another title",
            "difference     slave-1: document 7 differs in field title: database 'a', slave 'b'",
            "verdict        different: 1 differences");
  }

  @Test
  void damagedDocumentMustBeNamed() {
    assertThat(summary(new Damage("slave-1", "7", Damage.Kind.FIELD)).unnoticed()).isEmpty();
    Damage other = new Damage("slave-1", "8", Damage.Kind.GHOST);
    assertThat(summary(other).unnoticed()).containsExactly(other);
  }

  @Test
  void differencesWeighMoreThanProblems() {
    assertThat(Summary.verdict(0, List.of())).isEqualTo(Verdict.EQUAL);
    assertThat(Summary.verdict(0, List.of("x"))).isEqualTo(Verdict.INCOMPLETE);
    assertThat(Summary.verdict(1, List.of("x"))).isEqualTo(Verdict.DIFFERENT);
  }

  @Test
  void everyKindOfChangeMustOccur() {
    Map<ChangeKind, Long> counts = counts(5);
    assertThat(Problems.of(counts, 1, HOLD)).isEmpty();
    counts.put(ChangeKind.MOVE, 0L);
    assertThat(Problems.of(counts, 1, HOLD))
        .containsExactly("there were no moves: the duration is too short, or the rate too low");
  }

  @Test
  void aRowMustBeRescuedByTheOverlap() {
    assertThat(Problems.of(counts(5), 0, HOLD))
        .singleElement()
        .asString()
        .startsWith("no row was rescued by the overlap, though transactions committed late");
    Map<ChangeKind, Long> counts = counts(5);
    counts.put(ChangeKind.LATE, 0L);
    assertThat(Problems.of(counts, 0, HOLD))
        .contains(
            "no row was rescued by the overlap: the duration is too short for a transaction that"
                + " stays open for 3000 ms");
  }

  private static Map<ChangeKind, Long> counts(long each) {
    Map<ChangeKind, Long> counts = new EnumMap<>(ChangeKind.class);
    for (ChangeKind kind : ChangeKind.values()) {
      counts.put(kind, each);
    }
    return counts;
  }

  private static Summary summary() {
    return summary(new Damage("slave-1", "7", Damage.Kind.FIELD));
  }

  private static Summary summary(Damage damage) {
    return new Summary(
        Verdict.DIFFERENT,
        7,
        Duration.ofSeconds(60),
        11_547,
        counts(5),
        0.5,
        57,
        "1-0000000058",
        9,
        0,
        Map.of(
            "slave-1",
            new Ages(60, Duration.ofMillis(900), Duration.ofSeconds(2), Duration.ofSeconds(3))),
        12,
        1,
        List.of(new Difference("slave-1", 7, Difference.Kind.FIELD, "title", "a", "b")),
        List.of(damage),
        List.of());
  }
}

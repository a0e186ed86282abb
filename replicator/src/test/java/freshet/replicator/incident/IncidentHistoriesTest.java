package freshet.replicator.incident;

import static freshet.replicator.incident.Watched.AGE;
import static freshet.replicator.incident.Watched.CITIES;
import static freshet.replicator.incident.Watched.POLL;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What holds for whatever comes and goes. */
class IncidentHistoriesTest {
  private static final List<Cause> CAUSES = List.of(POLL, CITIES, AGE);

  /**
   * A stretch of time in which the same is wrong.
   *
   * @param seconds how long
   * @param clear bits of the causes that are there
   * @param fading bits of the others that are not gone
   */
  record Stretch(int seconds, int clear, int fading) {
    Symptom[] symptoms() {
      List<Symptom> symptoms = new ArrayList<>();
      for (int i = 0; i < CAUSES.size(); i++) {
        Symptom symptom = Watched.symptom(CAUSES.get(i));
        if ((clear >> i & 1) == 1) {
          symptoms.add(symptom);
        } else if ((fading >> i & 1) == 1) {
          symptoms.add(symptom.fading());
        }
      }
      return symptoms.toArray(Symptom[]::new);
    }
  }

  @Provide
  Arbitrary<List<Stretch>> histories() {
    Arbitrary<Integer> seconds =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.integers().between(1, 15)),
            Tuple.of(3, Arbitraries.integers().between(50, 70)),
            Tuple.of(1, Arbitraries.integers().between(500, 700)));
    Arbitrary<Integer> bits = Arbitraries.integers().between(0, 7);
    return Combinators.combine(seconds, bits, bits).as(Stretch::new).list().ofMaxSize(30);
  }

  @Property(tries = 500)
  void incidentsBeginAndEndInTurnAndFlapsAreFew(@ForAll("histories") List<Stretch> history) {
    Watched watched = new Watched();
    int second = 0;
    for (Stretch stretch : history) {
      for (int i = 0; i < stretch.seconds(); i += 5) {
        watched.look(second + i, stretch.symptoms());
        assertThat(watched.incidents().stream().map(Incident::cause)).doesNotHaveDuplicates();
      }
      second += stretch.seconds();
    }
    for (int i = 0; i <= 1_300; i += 5) {
      watched.look(second + i);
    }

    Map<String, Notice> open = new HashMap<>();
    Map<String, List<Instant>> begins = new HashMap<>();
    for (Notice notice : watched.notices()) {
      String cause = notice.incident().cause();
      switch (notice.event()) {
        case FIRING -> {
          assertThat(open).doesNotContainKey(cause);
          open.put(cause, notice);
          begins.computeIfAbsent(cause, unused -> new ArrayList<>()).add(notice.at());
        }
        case STILL_FIRING -> assertThat(open).containsKey(cause);
        case RESOLVED ->
            assertThat(open.remove(cause).incident().id()).isEqualTo(notice.incident().id());
        case TEST -> throw new AssertionError(notice);
      }
    }
    assertThat(open).isEmpty();
    assertThat(watched.book()).isEqualTo(IncidentBook.EMPTY);
    begins.values().forEach(IncidentHistoriesTest::assertAtMostTwoInAWindow);
  }

  private static void assertAtMostTwoInAWindow(List<Instant> begins) {
    for (int i = 2; i < begins.size(); i++) {
      assertThat(Duration.between(begins.get(i - 2), begins.get(i)))
          .isGreaterThanOrEqualTo(Watched.OPTIONS.flapWindow());
    }
  }
}

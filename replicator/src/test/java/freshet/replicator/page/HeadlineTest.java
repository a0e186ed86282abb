package freshet.replicator.page;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.freshness.Age;
import freshet.replicator.incident.Incident;
import freshet.replicator.page.Headline.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadlineTest {
  private static final Age YOUNG = new Age.Known(Duration.ofMillis(1_800));
  private static final Age OLD = new Age.Known(Duration.ofSeconds(301));

  private static Headline of(Age age, Incident... incidents) {
    return Headline.of("slowest slave", "web-2", age, SamplePage.LIMIT, List.of(incidents));
  }

  @Test
  void freshIsOneSentence() {
    assertThat(of(YOUNG))
        .isEqualTo(
            new Headline(State.FRESH, "Fresh: slowest slave 1.8 s behind the database (web-2)"));
    assertThat(Headline.of("this slave", "", YOUNG, SamplePage.LIMIT, List.of()).sentence())
        .isEqualTo("Fresh: this slave 1.8 s behind the database");
  }

  @Test
  void tooOldNamesTheLimit() {
    assertThat(of(OLD))
        .isEqualTo(
            new Headline(
                State.TROUBLE,
                "Too old: slowest slave 5 min 1 s behind the database, the limit is 5 min 0 s"
                    + " (web-2)"));
  }

  @Test
  void anUnknownAgeIsNeverFresh() {
    assertThat(of(new Age.Unknown("city berlin was never complete")))
        .isEqualTo(
            new Headline(
                State.TROUBLE,
                "Nobody knows how fresh: slowest slave is of unknown age: city berlin was never"
                    + " complete"));
  }

  @Test
  void theFirstIncidentComesFirst() {
    Incident firing = SamplePage.incident(Incident.Phase.FIRING);
    Incident pending = SamplePage.incident(Incident.Phase.PENDING);

    assertThat(of(OLD, pending, firing, firing).state()).isEqualTo(State.TROUBLE);
    assertThat(of(OLD, pending, firing, firing).sentence())
        .startsWith(
            "Wrong at poll since 2026-03-01T11:53:20Z: greeting not received within 3 s from"
                + " replica-1, 14 of the last 20 connects")
        .endsWith(", and 1 more; slowest slave 5 min 1 s behind the database (web-2)");
  }

  @Test
  void whatIsPendingIsWatched() {
    Headline watched = of(YOUNG, SamplePage.incident(Incident.Phase.PENDING));

    assertThat(watched.state()).isEqualTo(State.WATCHED);
    assertThat(watched.sentence())
        .startsWith(
            "Fresh: slowest slave 1.8 s behind the database (web-2); being watched: greeting");
  }
}

package freshet.replicator.incident;

import static freshet.replicator.incident.Watched.AGE;
import static freshet.replicator.incident.Watched.CITIES;
import static freshet.replicator.incident.Watched.LAG;
import static freshet.replicator.incident.Watched.NOON;
import static freshet.replicator.incident.Watched.POLL;
import static freshet.replicator.incident.Watched.symptom;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import freshet.replicator.snapshot.SnapshotCodec;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class IncidentBookTest {
  private final Watched watched = new Watched();

  @Test
  void whatLastsIsToldOnceWithEverythingThatHelps() {
    for (int second = 0; second < 3_600; second += 5) {
      watched.look(second, Watched.beyondLimit(POLL, NOON.plusSeconds(290)));
    }

    assertThat(watched.notices()).hasSize(1);
    assertThat(watched.notices().getFirst().text())
        .isEqualTo(
            "master: no greeting from replica-1 within 3 s; since 2026-03-01T12:00:00Z; the age"
                + " limit is crossed at 2026-03-01T12:04:50Z; last good generation: 1-0000000007;"
                + " next: bin/indexer doctor; see docs/troubleshooting.md, \"HandshakeTimedOut\"");
  }

  @Test
  void whatPassesSoonIsNobodysBusiness() {
    watched.look(0, symptom(POLL));
    watched.look(9, symptom(POLL));
    watched.look(10);
    watched.look(11, symptom(POLL));
    watched.look(20, symptom(POLL));

    assertThat(watched.told()).isEmpty();
    assertThat(watched.incidents())
        .singleElement()
        .satisfies(one -> assertThat(one.phase()).isEqualTo(Incident.Phase.PENDING));
  }

  @Test
  void aCrossedLimitDoesNotWait() {
    watched.look(0, Watched.beyondLimit(AGE, NOON.plusSeconds(3)));
    watched.look(3, Watched.beyondLimit(AGE, NOON.plusSeconds(3)));

    assertThat(watched.told()).containsExactly("firing age-above-limit");
  }

  /** A server that goes on after a pause first has to catch up: that is no page of its own. */
  @Test
  void whatComesOnTopOfACrossedLimitThatIsToldWaits() {
    watched.look(0, Watched.beyondLimit(POLL, NOON.plusSeconds(3)));
    watched.look(5, Watched.beyondLimit(POLL, NOON.plusSeconds(3)));
    watched.look(10, Watched.beyondLimit(LAG, NOON.plusSeconds(3)));
    watched.look(15);
    watched.look(75);
    assertThat(watched.told()).containsExactly("firing poll-fails", "resolved poll-fails");

    watched.look(700, Watched.beyondLimit(POLL, NOON), Watched.beyondLimit(LAG, NOON));
    assertThat(watched.told()).endsWith("firing poll-fails", "firing replica-lags");
  }

  @Test
  void theLimitOfOneCityHidesNoOthers() {
    watched.look(0, Watched.beyondLimit(CITIES, NOON).affecting(new TreeSet<>(Set.of("köln"))));
    watched.look(5, Watched.beyondLimit(POLL, NOON));

    assertThat(watched.told()).containsExactly("firing cities-fail", "firing poll-fails");
  }

  @Test
  void itIsOverOnceItHasBeenWellForAWhile() {
    watched.look(0, symptom(POLL));
    watched.look(10, symptom(POLL));
    watched.look(20);
    watched.look(79);
    assertThat(watched.told()).containsExactly("firing poll-fails");
    watched.look(80);
    watched.look(85);

    assertThat(watched.told()).containsExactly("firing poll-fails", "resolved poll-fails");
    assertThat(watched.incidents()).isEmpty();
    assertThat(watched.notices().getLast().text())
        .isEqualTo(
            "master: over at 2026-03-01T12:01:20Z: no greeting from replica-1 within 3 s,"
                + " since 2026-03-01T12:00:00Z");
  }

  @Test
  void fadingKeepsOpenAndOpensNothing() {
    for (int second = 0; second < 100; second++) {
      watched.look(second, symptom(AGE).fading());
    }
    assertThat(watched.told()).isEmpty();
    watched.look(100, symptom(AGE));
    watched.look(110, symptom(AGE));
    for (int second = 111; second < 1_000; second++) {
      watched.look(second, symptom(AGE).fading());
    }

    assertThat(watched.told()).containsExactly("firing age-above-limit");
  }

  @Test
  void aLastingIncidentIsToldAgain() {
    int repeat = 4 * 3_600;
    watched.look(0, symptom(POLL));
    watched.look(10, symptom(POLL));
    watched.look(10 + repeat - 1, symptom(POLL));
    assertThat(watched.told()).hasSize(1);
    watched.look(10 + repeat, symptom(POLL));

    assertThat(watched.told()).containsExactly("firing poll-fails", "still_firing poll-fails");
    assertThat(watched.notices().getLast().incident().since()).isEqualTo(NOON);
  }

  @Test
  void tenFlapsInTenMinutesAreOnePage() {
    for (int second = 0; second < 600; second++) {
      boolean isBad = second % 60 < 20;
      watched.look(second, isBad ? new Symptom[] {symptom(POLL)} : new Symptom[0]);
    }
    for (int second = 600; second < 600 + 1_200; second++) {
      watched.look(second);
    }

    assertThat(watched.told()).containsExactly("firing poll-fails", "resolved poll-fails");
    assertThat(watched.notices().getLast().incident().flaps()).isEqualTo(9);
    // Well since second 560, and for the whole window of ten minutes.
    assertThat(watched.notices().getLast().at()).isEqualTo(NOON.plusSeconds(560 + 600));
  }

  @Test
  void aRelapseIsOverOnlyAfterTheWholeFlapWindow() {
    watched.look(0, symptom(POLL));
    watched.look(10, symptom(POLL));
    watched.look(20);
    watched.look(80);
    watched.look(200, symptom(POLL));
    watched.look(210, symptom(POLL));
    watched.look(220);
    watched.look(819);
    assertThat(watched.told())
        .containsExactly("firing poll-fails", "resolved poll-fails", "firing poll-fails");
    watched.look(820);

    assertThat(watched.told()).endsWith("resolved poll-fails");
  }

  @Test
  void oneFailingCityOf700IsOneIncidentThatNamesIt() {
    watched.look(0, Watched.of(CITIES, "köln"));
    watched.look(10, Watched.of(CITIES, "köln"));
    watched.look(20, Watched.of(CITIES, "köln", "bonn"));

    assertThat(watched.told()).containsExactly("firing cities-fail");
    assertThat(watched.notices().getFirst().incident().affected()).containsExactly("köln");
    assertThat(watched.incidents().getFirst().affected()).containsExactly("bonn", "köln");
  }

  @Test
  void whatHasSpreadToTenTimesAsManyIsToldAgain() {
    watched.look(0, Watched.of(CITIES, "a"));
    watched.look(10, Watched.of(CITIES, "a"));
    watched.look(20, Watched.of(CITIES, "a", "b", "c", "d", "e", "f", "g", "h", "i"));
    assertThat(watched.told()).containsExactly("firing cities-fail");
    for (int second = 30; second < 600; second += 10) {
      watched.look(second, Watched.of(CITIES, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j"));
      watched.look(second + 5, Watched.of(CITIES, "a"));
    }
    assertThat(watched.told()).containsExactly("firing cities-fail", "still_firing cities-fail");

    watched.look(600, symptom(CITIES));
    watched.look(610, symptom(CITIES));
    assertThat(watched.told()).hasSize(3);
  }

  @Test
  void whatIsNotKnownYetAfterAStartIsNotOver() {
    watched.look(0, symptom(POLL));
    watched.look(10, symptom(POLL));
    for (int second = 20; second < 300; second += 10) {
      watched.lookInPart(second);
    }
    assertThat(watched.told()).containsExactly("firing poll-fails");
    assertThat(watched.incidents()).extracting(Incident::cause).containsExactly("poll-fails");
    watched.look(300);
    watched.look(360);
    assertThat(watched.told()).containsExactly("firing poll-fails", "resolved poll-fails");
  }

  @Test
  void aMessageIsOneLineWhateverACityIsCalled() {
    Symptom odd =
        new Symptom(
            CITIES,
            Symptom.Presence.CLEAR,
            "CityFailed",
            "a\nALERT b\u2028\u001b[31m: can't apply changes",
            new TreeSet<>(Set.of("a\nALERT b")),
            null,
            new Advice("bin/indexer status", "What if a city fails?"));
    watched.look(0, odd);
    watched.look(10, odd);
    watched.look(20);
    watched.look(80);

    assertThat(watched.notices()).hasSize(2);
    assertThat(watched.notices())
        .allSatisfy(
            notice -> assertThat(notice.text()).contains("a ALERT b [31m: can't").hasLineCount(1));
  }

  @Test
  void twoCausesAtOnceAreTwoIncidentsTheFirstStageFirst() {
    watched.look(0, Watched.of(CITIES, "köln"), symptom(POLL));
    watched.look(10, Watched.of(CITIES, "köln"), symptom(POLL));

    assertThat(watched.told()).containsExactlyInAnyOrder("firing cities-fail", "firing poll-fails");
    assertThat(watched.incidents().stream().map(Incident::stage))
        .containsExactly(Stage.POLL, Stage.BUILD);
  }

  @Test
  void anEffectIsNotToldBesideItsCause() {
    for (int second = 0; second < 600; second++) {
      watched.look(second, symptom(POLL), Watched.beyondLimit(AGE, NOON));
    }
    // The cause is gone a little before its effect.
    for (int second = 600; second < 620; second++) {
      watched.look(second, Watched.beyondLimit(AGE, NOON));
    }
    watched.look(620);
    watched.look(700);

    assertThat(watched.told()).containsExactly("firing poll-fails", "resolved poll-fails");
  }

  @Test
  void anEffectThatOutlivesItsCauseIsTold() {
    watched.look(0, symptom(POLL));
    watched.look(10, symptom(POLL));
    for (int second = 11; second < 100; second++) {
      watched.look(second, Watched.beyondLimit(AGE, NOON));
    }

    assertThat(watched.told())
        .containsExactly("firing poll-fails", "resolved poll-fails", "firing age-above-limit");
  }

  @Test
  void whatTheMasterTellsIsNotToldByEverySlave() {
    for (int second = 0; second < 600; second++) {
      watched.look(second, "master: poll-fails", Watched.beyondLimit(AGE, NOON));
    }
    assertThat(watched.told()).isEmpty();
    watched.look(600, Watched.beyondLimit(AGE, NOON));

    assertThat(watched.told()).containsExactly("firing age-above-limit");
  }

  @Test
  void anHourOfQuietRaisesNothing() {
    for (int second = 0; second < 3_600; second++) {
      watched.look(second);
    }
    assertThat(watched.told()).isEmpty();
    assertThat(watched.book()).isEqualTo(IncidentBook.EMPTY);
  }

  @Test
  void aBookIsTheSameAfterItWasWrittenAndRead() throws Exception {
    watched.look(0, Watched.of(CITIES, "köln"));
    watched.look(10, Watched.of(CITIES, "köln"));
    assertSameWhenRead();
    watched.look(20);
    watched.look(80);
    assertSameWhenRead();
    watched.look(81, Watched.of(CITIES, "köln"));
    assertSameWhenRead();
  }

  private void assertSameWhenRead() throws Exception {
    byte[] written = SnapshotCodec.write(watched.book());
    assertThat(watched.book().states()).containsOnlyKeys("cities-fail");
    assertThat(SnapshotCodec.read(written, IncidentBook.class, "book")).isEqualTo(watched.book());
  }

  @Test
  void aCauseThatIsThereTwiceIsAMistake() {
    assertThatThrownBy(
            () -> new Look("here", NOON, null, List.of(symptom(POLL), symptom(POLL)), null))
        .hasMessageContaining("two of poll-fails");
    assertThatThrownBy(() -> Cause.of("Poll fails", Stage.POLL, Severity.WARNING))
        .hasMessageContaining("'Poll fails'");
    assertThatThrownBy(
            () ->
                new IncidentOptions(
                    Duration.ZERO, Duration.ofHours(1), Duration.ofHours(1), Duration.ZERO))
        .hasMessageContaining("flap window");
  }

  @Test
  void whatIsLatentIsToldOnceTheLimitIsCrossedAndExplainsEffectsBefore() {
    Cause paused = Cause.paused(Stage.POLL);
    Symptom latent = Watched.beyondLimit(paused, NOON.plusSeconds(300)).latent();
    for (int second = 0; second < 300; second += 10) {
      watched.look(second, latent, Watched.beyondLimit(AGE, NOON));
    }
    assertThat(watched.told()).isEmpty();
    assertThat(watched.incidents())
        .extracting(Incident::cause, Incident::phase, Incident::concernsEverything)
        .containsExactly(tuple("paused", Incident.Phase.PENDING, true));

    watched.look(300, latent, Watched.beyondLimit(AGE, NOON));
    assertThat(watched.told()).containsExactly("firing paused");

    for (int second = 310; second <= 400; second += 10) {
      watched.look(second);
    }
    assertThat(watched.told()).containsExactly("firing paused", "resolved paused");
  }

  @Test
  void whatIsLatentWaitsLikeOthersOnTopOfACrossedLimitThatIsTold() {
    Symptom polls = Watched.beyondLimit(POLL, NOON);
    Symptom latent = Watched.beyondLimit(Cause.paused(Stage.POLL), NOON).latent();
    watched.look(0, polls);
    watched.look(5, polls, latent);
    watched.look(10, polls, latent);
    assertThat(watched.told()).containsExactly("firing poll-fails");

    watched.look(15, polls, latent);
    assertThat(watched.told()).containsExactly("firing poll-fails", "firing paused");
  }

  @Test
  void whatHasNothingToDoWithTheAgeNeitherExplainsNorIsExplained() {
    Cause aside = Cause.aside("quarantine-grows", Stage.POLL, Severity.CRITICAL);
    for (int second = 0; second <= 20; second += 10) {
      watched.look(second, "master: poll-fails", symptom(POLL), symptom(aside), symptom(AGE));
    }
    assertThat(watched.told()).containsExactly("firing poll-fails", "firing quarantine-grows");

    Watched other = new Watched();
    for (int second = 0; second <= 20; second += 10) {
      other.look(second, symptom(aside), symptom(AGE));
    }
    assertThat(other.told()).containsExactly("firing age-above-limit", "firing quarantine-grows");
  }

  @Test
  void whatConcernsSomeCitiesExplainsNothingThatConcernsAll() {
    for (int second = 0; second <= 20; second += 10) {
      watched.look(second, Watched.of(CITIES, "köln"), symptom(AGE));
    }
    assertThat(watched.told()).containsExactly("firing age-above-limit", "firing cities-fail");

    Watched other = new Watched();
    for (int second = 0; second <= 20; second += 10) {
      other.look(second, Watched.of(CITIES, "köln"), Watched.of(AGE, "slave-1"));
    }
    assertThat(other.told()).containsExactly("firing cities-fail");
  }

  @Test
  void whatGetsWorseIsToldAtOnceAndAWarningThatHasTimeOnceADay() {
    Cause warning = Cause.aside("certificate-ends", Stage.PULL, Severity.WARNING);
    Cause critical = Cause.aside("certificate-ends", Stage.PULL, Severity.CRITICAL);
    for (int hour = 0; hour < 48; hour++) {
      watched.look(hour * 3_600, symptom(warning));
    }
    assertThat(watched.told())
        .containsExactly("firing certificate-ends", "still_firing certificate-ends");

    watched.look(48 * 3_600 - 60, symptom(critical));
    watched.look(48 * 3_600 - 50, symptom(critical));
    assertThat(watched.notices()).hasSize(3);
    assertThat(watched.notices().getLast().title()).startsWith("CRITICAL: ");
  }
}

package freshet.replicator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Generation;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Approval TO_400 = new Approval(400, "ann", NOON, null);

  /** By the defaults of 20 % and 1,000 documents, of which a loss has to exceed both. */
  @ParameterizedTest
  @CsvSource({
    "10000, 10000, true",
    "10000, 8000, true",
    "10000, 7999, false",
    "10000, 12000, true",
    "2000, 1000, true",
    "2000, 999, false",
    "1000, 0, true",
    "1001, 0, false",
    "9, 8, true",
    "0, 0, true"
  })
  void aLossCountsIfItExceedsBothTheShareAndTheFloor(long expected, long found, boolean passes) {
    Verdict verdict = Verdict.of(found, OptionalLong.of(expected), null, true, GateLimits.DEFAULT);
    assertThat(verdict)
        .isEqualTo(
            passes
                ? new Verdict.Pass()
                : new Verdict.Stay(new Hold.Dropped(found, expected, null)));
  }

  @Test
  void aCityThatWasNeverPublishedPasses() {
    assertThat(Verdict.of(0, OptionalLong.empty(), null, true, GateLimits.DEFAULT))
        .isEqualTo(new Verdict.Pass());
  }

  @Test
  void anApprovalReachesDownToItsBound() {
    Hold held = new Hold.Dropped(400, 9000, TO_400);
    assertThat(of(400, held)).isEqualTo(new Verdict.Approved(TO_400));
    assertThat(of(399, held)).isEqualTo(new Verdict.Stay(new Hold.Dropped(399, 9000, TO_400)));
    assertThat(of(9000, held)).isEqualTo(new Verdict.Pass());
  }

  @Test
  void whatAPersonDecidedStaysWhateverTheCount() {
    for (Hold hold :
        List.of(
            new Hold.Rejected("ann", null),
            new Hold.RolledBack(new Generation(1, 7), "ann", "bad import"))) {
      assertThat(of(9000, hold)).isEqualTo(new Verdict.Stay(hold));
    }
  }

  @Test
  void aReplayedCityWaitsForAllOfThemAndThenForItsCount() {
    Hold hold = new Hold.Replaying("ann");
    assertThat(Verdict.of(9000, OptionalLong.of(9000), hold, false, GateLimits.DEFAULT))
        .isEqualTo(new Verdict.Stay(hold));
    assertThat(of(9000, hold)).isEqualTo(new Verdict.Pass());
    assertThat(of(10, hold)).isEqualTo(new Verdict.Stay(new Hold.Dropped(10, 9000, null)));
  }

  @Test
  void eachReasonIsSaidInWords() {
    assertThat(new Hold.Dropped(1234, 9000, TO_400).explain())
        .isEqualTo(
            "1,234 documents, 7,766 fewer than the 9,000 that are expected by the last 24 h;"
                + " approved were 400 or more, by ann");
    assertThat(new Hold.RolledBack(new Generation(1, 7), "ann", "bad import").explain())
        .isEqualTo("rolled back to 1-0000000007 by ann: bad import");
    assertThat(new Hold.Exchanged(List.of(new City("x"))).explain()).contains("[x]");
  }

  private static Verdict of(long documents, Hold hold) {
    return Verdict.of(documents, OptionalLong.of(9000), hold, true, GateLimits.DEFAULT);
  }
}

package freshet.replicator.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeRuleTest {
  private static final Handshake IDLE = millis("2 1 40");

  @ParameterizedTest
  @CsvSource({
    // parts in ms, isSlow
    "2 1 40, false",
    "11 10 61, true",
    // A queue delays every part: one that is quick shows that there is none.
    "10 10 50, false",
    "24 9 41, false",
    "2 1 72, false",
    // No processor explains so much.
    "2 1 73, true",
    "33 2 41, true",
    "90 90 130, true",
    // Of another server, whose parts are others: as a whole.
    "32 32, false",
    "32 33, true",
  })
  void slowIsOneOfWhichEveryPartIs(String took, boolean isSlow) {
    assertThat(HandshakeRule.isSlow(IDLE, millis(took))).isEqualTo(isSlow);
  }

  @ParameterizedTest
  @CsvSource({"30, false", "31, true"})
  void whereNoPartsAreKnownTheWholeCounts(String took, boolean isSlow) {
    assertThat(HandshakeRule.isSlow(millis("20"), millis(took))).isEqualTo(isSlow);
  }

  @Test
  void aFailureIsSlowAndWhereNothingIsKnownNothingElseIs() {
    assertThat(HandshakeRule.isSlow(IDLE, null)).isTrue();
    assertThat(HandshakeRule.isSlow(null, null)).isTrue();
    assertThat(HandshakeRule.isSlow(null, millis("900 900"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    // 8 ms, and for each part but one 12 more, may be the processors'.
    "75, false",
    "76, true",
  })
  void oneThatIsUnderWayIsLateWhenNoProcessorExplainsIt(long soFar, boolean isLate) {
    assertThat(HandshakeRule.isLate(IDLE, Duration.ofMillis(soFar))).isEqualTo(isLate);
    assertThat(HandshakeRule.isLate(null, Duration.ofMillis(soFar))).isFalse();
  }

  @Test
  void aQuickerPartIsLearntAtOnceAndASlowerOneGradually() {
    assertThat(HandshakeRule.learnt(null, IDLE)).isEqualTo(IDLE);
    assertThat(HandshakeRule.learnt(IDLE, millis("10 0 40"))).isEqualTo(millis("3 0 40"));
    assertThat(HandshakeRule.learnt(IDLE, millis("10 1")))
        .as("of another server")
        .isEqualTo(millis("10 1"));
  }

  @Test
  void aHandshakeHasParts() {
    assertThatThrownBy(() -> new Handshake(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThat(IDLE.total()).hasMillis(43);
  }

  private static Handshake millis(String parts) {
    return new Handshake(
        Stream.of(parts.split(" ")).map(Long::valueOf).map(Duration::ofMillis).toList());
  }
}

package freshet.indexer.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectTimingsTest {
  @Test
  void whatTakesRoundTripsIsToldInItsOrderAndTheLookUpIsNot() {
    ConnectTimings timings =
        new ConnectTimings(
            Map.of(
                ConnectPhase.SESSION, Duration.ofMillis(16),
                ConnectPhase.RESOLVE, Duration.ofMillis(1),
                ConnectPhase.GREETING, Duration.ofMillis(4),
                ConnectPhase.TCP, Duration.ofMillis(2),
                ConnectPhase.AUTHENTICATION, Duration.ofMillis(8)));
    assertThat(timings.roundTrips())
        .as("until the greeting, authentication, session")
        .containsExactly(Duration.ofMillis(6), Duration.ofMillis(8), Duration.ofMillis(16));
    assertThat(timings.total()).hasMillis(31);
  }

  @Test
  void tlsIsAPartOfItsOwn() {
    ConnectTimings timings =
        new ConnectTimings(
            Map.of(
                ConnectPhase.TCP, Duration.ofMillis(2),
                ConnectPhase.GREETING, Duration.ofMillis(4),
                ConnectPhase.TLS, Duration.ofMillis(32),
                ConnectPhase.AUTHENTICATION, Duration.ofMillis(8),
                ConnectPhase.SESSION, Duration.ofMillis(16)));
    assertThat(timings.roundTrips())
        .containsExactly(
            Duration.ofMillis(6),
            Duration.ofMillis(32),
            Duration.ofMillis(8),
            Duration.ofMillis(16));
  }
}

package freshet.replicator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SlowestPeerTest {
  private final SlowestPeer slowest = new SlowestPeer(1000, Duration.ofSeconds(10));

  @Test
  void theAverageOfAWindowCounts() {
    assertThat(slowest.isSlow(9_999, Duration.ofSeconds(10))).isTrue();
    assertThat(slowest.isSlow(10_000, Duration.ofSeconds(10))).isFalse();
    assertThat(slowest.isSlow(0, Duration.ofSeconds(11))).isTrue();
  }

  @Test
  void aBodyHasTheTimeThatItsLongestFormTakes() {
    assertThat(slowest.longest(5_000)).isEqualTo(Duration.ofSeconds(15));
    assertThat(SlowestPeer.DEFAULT.longest(16 << 10)).isEqualTo(Duration.ofSeconds(34));
  }

  @Test
  void whatBoundsNothingIsRefused() {
    assertThatThrownBy(() -> new SlowestPeer(0, Duration.ofSeconds(1)))
        .hasMessageContaining("at least 1 byte a second");
    assertThatThrownBy(() -> new SlowestPeer(1, Duration.ZERO))
        .hasMessageContaining("over a positive time");
  }
}

package freshet.replicator.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.http.HttpProblem;
import freshet.replicator.http.Transfer;
import freshet.replicator.runtime.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TransfersTest {
  private static final long LARGE = 10_000_000;
  private final ManualTime time = new ManualTime(Instant.parse("2026-03-01T12:00:00Z"));

  @Test
  void bytesGoOutAtTheConfiguredRate() throws Exception {
    Transfers transfers = transfers(1_000_000, 2, true);
    long start = time.nanoTime();
    send(transfers, LARGE);

    assertThat(time.since(start)).isBetween(Duration.ofMillis(9_900), Duration.ofMillis(10_000));
    assertThat(transfers.status().sentBytes()).isEqualTo(LARGE);
  }

  @Test
  void withoutACapNothingWaits() throws Exception {
    long start = time.nanoTime();
    send(transfers(ServeLimits.UNLIMITED, 2, true), LARGE);
    assertThat(time.since(start)).isZero();
  }

  @Test
  void manyShareTheRateAndNoneWaitsForLong() throws Exception {
    Transfers transfers = transfers(256_000, 100, true);
    Transfer[] many = new Transfer[100];
    for (int i = 0; i < many.length; i++) {
      many[i] = transfers.admit(LARGE);
    }
    long start = time.nanoTime();
    for (Transfer each : many) {
      each.next(LARGE);
    }
    assertThat(time.since(start)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void oneTooManyIsToldToComeBackAtAMomentOfItsOwn() throws Exception {
    Transfers transfers = transfers(ServeLimits.UNLIMITED, 2, true);
    Transfer first = transfers.admit(LARGE);
    transfers.admit(LARGE);
    Set<String> told = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      try {
        transfers.admit(LARGE);
      } catch (HttpProblem e) {
        assertThat(e).hasMessageContaining("as many as server.max_transfers allows");
        told.add(e.answer().headers().get("Retry-After"));
      }
    }
    assertThat(told).containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6");
    assertThat(transfers.status().refused()).isEqualTo(100);
    // What makes a slave fresh is small, and never waits.
    transfers.admit(100_000).close();
    first.close();
    transfers.admit(LARGE);
    assertThatThrownBy(() -> transfers.admit(LARGE)).isInstanceOf(HttpProblem.class);
  }

  @Test
  void whatIsLargeBeginsSlowlyAndQuickHandshakesRaiseIt() throws Exception {
    Transfers transfers = transfers(ServeLimits.UNLIMITED, 2, true);
    transfers.took(handshake(20));
    assertThat(transfers.status().maxBytesPerSecond()).isNull();
    Transfer transfer = transfers.admit(LARGE);
    assertThat(transfers.status().maxBytesPerSecond()).isEqualTo(4_000_000);

    time.advance(Duration.ofMillis(10));
    transfers.begins();
    sendFor(transfer, 4_000_000);
    transfers.took(handshake(20));
    transfers.ended();
    assertThat(transfers.status().maxBytesPerSecond()).isEqualTo(8_000_000);
    assertThat(transfers.status().slowedSince()).isNull();
    transfer.close();
    // The next file of the same slave goes on at that rate.
    assertThat(transfers.status().maxBytesPerSecond()).isEqualTo(8_000_000);
    time.advance(Duration.ofSeconds(2));
    assertThat(transfers.status().maxBytesPerSecond()).isNull();
  }

  @Test
  void aHandshakeThatIsLateSlowsItDownBeforeItEnds() throws Exception {
    Transfers transfers = transfers(ServeLimits.UNLIMITED, 2, true);
    transfers.took(handshake(20));
    Transfer transfer = transfers.admit(LARGE);
    time.advance(Duration.ofMillis(10));
    transfers.begins();
    sendFor(transfer, 4_000_000);
    transfers.took(handshake(20));
    transfers.ended();

    transfers.begins();
    sendFor(transfer, 100_000);
    assertThat(transfers.status().slowedSince()).isNotNull();
    assertThat(transfers.status().maxBytesPerSecond()).isEqualTo(2_000_000);
  }

  @Test
  void manySmallFilesAreFeltOutToo() throws Exception {
    Transfers transfers = transfers(ServeLimits.UNLIMITED, 2, true);
    transfers.took(handshake(20));
    for (int i = 0; i < 4; i++) {
      transfers.admit(250_000);
    }
    assertThat(transfers.status().maxBytesPerSecond()).isNull();
    transfers.admit(250_000);
    assertThat(transfers.status().maxBytesPerSecond()).isEqualTo(4_000_000);
  }

  @Test
  void handshakesAreWantedWhileSomethingIsSentAndNowAndThen() throws Exception {
    Transfers transfers = transfers(ServeLimits.UNLIMITED, 2, true);
    for (int i = 0; i < 4; i++) {
      transfers.took(handshake(20));
    }
    time.advance(Duration.ofSeconds(2));
    assertThat(transfers.awaitWanted(Duration.ofMillis(1))).isFalse();
    Transfer transfer = transfers.admit(300_000);
    assertThat(transfers.awaitWanted(Duration.ofMillis(1))).isTrue();
    transfer.close();
    time.advance(Duration.ofSeconds(30));
    assertThat(transfers.awaitWanted(Duration.ofMillis(1))).isTrue();
    assertThat(transfers(ServeLimits.UNLIMITED, 2, false).awaitWanted(Duration.ofMillis(1)))
        .isFalse();
  }

  @Test
  void slowHandshakesSlowItDownAndGoodOnesLetItRecover() throws Exception {
    Transfers transfers = transfers(ServeLimits.UNLIMITED, 2, true);
    transfers.took(handshake(20));
    Transfer transfer = transfers.admit(LARGE);
    sendFor(transfer, 4_000_000);
    transfers.took(handshake(300));
    transfers.took(handshake(300));

    TransferStatus slowed = transfers.status();
    assertThat(slowed.maxBytesPerSecond()).isEqualTo(1_400_000);
    assertThat(slowed.slowedSince()).isEqualTo(time.now());
    assertThat(slowed.sentence())
        .contains("slowed down since 2026", "take 300 ms, 20 ms while nothing is sent");
    sendFor(transfer, 1_000_000);
    transfers.took(handshake(20));
    assertThat(transfers.status().maxBytesPerSecond()).isGreaterThan(slowed.maxBytesPerSecond());
    transfer.close();
    time.advance(Duration.ofSeconds(2));
    assertThat(transfers.status().maxBytesPerSecond()).isNull();
    assertThat(transfers.status().slowedSince()).isNull();
  }

  @Test
  void whereItIsSwitchedOffHandshakesChangeNothing() throws Exception {
    Transfers transfers = transfers(ServeLimits.UNLIMITED, 2, false);
    Transfer transfer = transfers.admit(LARGE);
    sendFor(transfer, 4_000_000);
    transfers.failed();
    assertThat(transfers.status().maxBytesPerSecond()).isNull();
  }

  private Transfers transfers(long rate, int most, boolean yields) {
    return new Transfers(new ServeLimits(rate, most, 0, yields), time, new Random(3));
  }

  private static Handshake handshake(long millis) {
    return Handshake.whole(Duration.ofMillis(millis));
  }

  private static void send(Transfers transfers, long bytes) throws Exception {
    try (Transfer transfer = transfers.admit(bytes)) {
      for (long left = bytes; left > 0; left -= transfer.next(left)) {
        assertThat(left).isPositive();
      }
    }
  }

  /** Sends for a second, in four steps of the clock. */
  private void sendFor(Transfer transfer, long bytes) throws Exception {
    for (int i = 0; i < 4; i++) {
      for (long left = bytes / 4; left > 0; left -= transfer.next(left)) {
        assertThat(left).isPositive();
      }
      time.advance(Duration.ofMillis(240));
    }
  }
}

package freshet.indexer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import freshet.indexer.connect.Credentials;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.connect.Tls;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ConnectGateTest {
  private static final Duration SHORT = Duration.ofMillis(5);

  private final ConnectGate gate =
      new ConnectGate(
          new SessionOptions(
              List.of(new Endpoint("db", 3306)),
              "shop",
              new Credentials("freshet", () -> "any"),
              new Tls.Off(),
              new LagSource.NotReplicated(),
              new Timeouts(SHORT, SHORT, SHORT, SHORT, SHORT),
              RetryOptions.DEFAULT,
              SessionOptions.DEFAULT_MAX_AGE,
              SessionOptions.DEFAULT_MAX_LAG,
              1));

  @Test
  void oneTooManyWaitsForItsTurnButNotForEver() throws Exception {
    CountDownLatch isInside = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> first =
          executor.submit(
              () ->
                  gate.pass(
                      () -> {
                        isInside.countDown();
                        awaitQuietly(mayEnd);
                        return "first";
                      }));
      isInside.await();
      assertThat(catchThrowableOfType(SourceException.class, () -> gate.pass(() -> "second")))
          .isInstanceOf(SourceException.TooManyConnections.class)
          .hasMessage(
              "no turn to connect within 10 ms: 1 connect of this process hangs, which is all that source.max_concurrent_connects allows");
      mayEnd.countDown();
      assertThat(first.get()).isEqualTo("first");
    }
    assertThat(gate.pass(() -> "third")).isEqualTo("third");
  }

  @Test
  void aFailureMakesRoomAsWell() throws Exception {
    SourceException lost = new SourceException.HandshakeLost("lost", null);
    for (int i = 0; i < 3; i++) {
      assertThat(
              catchThrowableOfType(
                  SourceException.class,
                  () ->
                      gate.<String>pass(
                          () -> {
                            throw lost;
                          })))
          .isSameAs(lost);
    }
    assertThat(gate.pass(() -> "next")).isEqualTo("next");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

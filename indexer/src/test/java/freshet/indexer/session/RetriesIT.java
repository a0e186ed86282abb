package freshet.indexer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import freshet.indexer.connect.Credentials;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.connect.Tls;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often, and after which waits, one poll tries a server that refuses every connect at once. */
@Timeout(60)
class RetriesIT {
  private static final RandomGenerator NO_WAIT = () -> 0;
  private static final RandomGenerator LONGEST_WAIT = () -> -1;
  private static final Duration HOUR = Duration.ofHours(1);

  private final Time time = new SystemTime();
  private Endpoint nobody;

  @BeforeEach
  void start() throws IOException {
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = new Endpoint("127.0.0.1", closed.getLocalPort());
    }
  }

  /** How many connects a poll tries. */
  private int tries(RetryOptions retry, RandomGenerator random) {
    SessionOptions options =
        new SessionOptions(
            List.of(nobody),
            "shop",
            new Credentials("freshet", () -> "any"),
            new Tls.Off(),
            new LagSource.NotReplicated(),
            new Timeouts(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(50)),
            retry,
            SessionOptions.DEFAULT_MAX_AGE,
            SessionOptions.DEFAULT_MAX_LAG,
            1);
    try (Sessions sessions =
        new Sessions(
            options,
            new ConnectGate(options),
            time,
            random,
            new StopSignal(),
            SessionListener.NONE)) {
      assertThat(
              catchThrowableOfType(
                  SourceException.class, () -> sessions.poll(SourcePosition.START).open()))
          .isInstanceOf(SourceException.Unreachable.class);
      return sessions.connects();
    }
  }

  @Test
  void attemptsAreBounded() {
    RetryOptions four =
        new RetryOptions(4, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMinutes(1));
    assertThat(tries(four, NO_WAIT)).isEqualTo(4);
  }

  @Test
  void waitsOfOnePollAreBoundedTogether() {
    Duration wait = Duration.ofMillis(20);
    long start = time.nanoTime();
    assertThat(tries(new RetryOptions(1_000, wait, wait, wait.multipliedBy(5)), LONGEST_WAIT))
        .isEqualTo(1 + 5);
    assertThat(time.since(start)).isGreaterThanOrEqualTo(wait.multipliedBy(5).minusMillis(1));
  }

  @Test
  void boundsOfTheWaitsDoubleUpToTheLongest() {
    // 10 + 20 + 40 + 40 + 40 ms
    RetryOptions retry =
        new RetryOptions(
            1_000, Duration.ofMillis(10), Duration.ofMillis(40), Duration.ofMillis(150));
    assertThat(tries(retry, LONGEST_WAIT)).isEqualTo(1 + 5);
  }

  @Test
  void aWaitIsDrawnFromNothingUpToItsBound() {
    RetryOptions slow = new RetryOptions(5, HOUR, HOUR, HOUR.minusMillis(1));
    assertThat(tries(slow, NO_WAIT)).isEqualTo(5);
    assertThat(tries(slow, LONGEST_WAIT)).as("an hour is beyond the budget").isEqualTo(1);
  }
}

package freshet.indexer.session;

import static freshet.indexer.connect.MySqlStub.GREETING;
import static freshet.indexer.connect.MySqlStub.LOGIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import freshet.indexer.connect.Credentials;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.connect.FaultyProxy;
import freshet.indexer.connect.FaultyProxy.Fault;
import freshet.indexer.connect.FaultyProxy.Point;
import freshet.indexer.connect.MySqlStub;
import freshet.indexer.connect.MySqlStub.Reply;
import freshet.indexer.connect.Tls;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One row for each way in which a server was seen to fail a client: its class, the time that it may
 * take, and that the next poll is well once it is over. A stub speaks for the server, so that the
 * moment is exact; that real servers behave so is shown by RealServerFaultsIT, ServerErrorsIT and
 * StoriesIT.
 */
@Timeout(60)
class FaultTableIT {
  private static final Duration AT_ONCE = Duration.ZERO;

  /** Nothing here hangs in it; the first one loads classes. */
  private static final Duration CONNECT = Duration.ofSeconds(3);

  private static final Duration HANDSHAKE = Duration.ofMillis(1_000);
  private static final Duration FIRST_ROW = Duration.ofMillis(1_500);
  private static final Duration ROW_GAP = Duration.ofMillis(500);
  private static final String READ = "SELECT title FROM listing";

  private final Time time = new SystemTime();
  private MySqlStub stub;
  private Sessions sessions;
  private Supplier<String> password = () -> "any";

  @BeforeEach
  void start() throws IOException {
    stub = new MySqlStub();
    sessions = sessions(stub.endpoint());
  }

  private Sessions sessions(Endpoint endpoint) {
    SessionOptions options =
        new SessionOptions(
            List.of(endpoint),
            "shop",
            new Credentials("freshet", () -> password.get()),
            new Tls.Off(),
            new LagSource.NotReplicated(),
            new Timeouts(CONNECT, HANDSHAKE, FIRST_ROW, ROW_GAP, Duration.ofSeconds(30)),
            // One attempt, so that one deadline is seen.
            new RetryOptions(1, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO),
            SessionOptions.DEFAULT_MAX_AGE,
            SessionOptions.DEFAULT_MAX_LAG,
            1);
    return new Sessions(
        options,
        new ConnectGate(options),
        time,
        new Random(1),
        new StopSignal(),
        SessionListener.NONE);
  }

  @AfterEach
  void end() throws IOException {
    sessions.close();
    stub.close();
  }

  static Stream<Arguments> whileConnecting() {
    return Stream.of(
        row(GREETING, new Reply.Silence(), SourceException.HandshakeTimedOut.class, HANDSHAKE),
        row(GREETING, new Reply.Cut(), SourceException.HandshakeLost.class, AT_ONCE),
        row(
            GREETING,
            new Reply.Raw("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"),
            SourceException.HandshakeLost.class,
            HANDSHAKE),
        row(GREETING, error(1040, "08004"), SourceException.TooManyConnections.class, AT_ONCE),
        row(GREETING, error(1135, "HY000"), SourceException.TooManyConnections.class, AT_ONCE),
        row(GREETING, error(1129, "HY000"), SourceException.HandshakeLost.class, AT_ONCE),
        row(GREETING, error(1130, "HY000"), SourceException.AccessDenied.class, AT_ONCE),
        row(GREETING, error(1053, "08S01"), SourceException.ShuttingDown.class, AT_ONCE),
        row(LOGIN, new Reply.Silence(), SourceException.HandshakeTimedOut.class, HANDSHAKE),
        row(LOGIN, new Reply.Cut(), SourceException.HandshakeLost.class, AT_ONCE),
        row(LOGIN, new Reply.Reset(), SourceException.HandshakeLost.class, AT_ONCE),
        row(LOGIN, error(1045, "28000"), SourceException.AccessDenied.class, AT_ONCE),
        row(LOGIN, error(1044, "42000"), SourceException.AccessDenied.class, AT_ONCE),
        row(LOGIN, error(1049, "42000"), SourceException.SchemaError.class, AT_ONCE),
        row(LOGIN, error(1203, "42000"), SourceException.TooManyConnections.class, AT_ONCE),
        row(LOGIN, error(1226, "42000"), SourceException.TooManyConnections.class, AT_ONCE),
        row(LOGIN, error(1159, "08S01"), SourceException.HandshakeLost.class, AT_ONCE),
        row(LOGIN, error(3032, "HY000"), SourceException.ShuttingDown.class, AT_ONCE),
        row("/* mysql", new Reply.Silence(), SourceException.HandshakeTimedOut.class, HANDSHAKE),
        row("/* mysql", new Reply.Cut(), SourceException.HandshakeLost.class, AT_ONCE),
        row("SET time_", new Reply.Silence(), SourceException.HandshakeTimedOut.class, HANDSHAKE),
        row("SHOW GLOBAL", new Reply.Silence(), SourceException.Stalled.class, HANDSHAKE),
        row("read_only", new Reply.Silence(), SourceException.Stalled.class, HANDSHAKE),
        row("read_only", new Reply.Cut(), SourceException.LostDuringQuery.class, AT_ONCE));
  }

  static Stream<Arguments> whileReading() {
    return Stream.of(
        row(READ, new Reply.Silence(), SourceException.Stalled.class, FIRST_ROW),
        row(READ, then(new Reply.Silence()), SourceException.Stalled.class, ROW_GAP),
        row(READ, new Reply.Cut(), SourceException.LostDuringQuery.class, AT_ONCE),
        row(READ, then(new Reply.Cut()), SourceException.LostDuringQuery.class, AT_ONCE),
        row(READ, then(new Reply.Reset()), SourceException.LostDuringQuery.class, AT_ONCE),
        row(READ, error(1317, "70100"), SourceException.LostDuringQuery.class, AT_ONCE),
        row(READ, then(error(1317, "70100")), SourceException.LostDuringQuery.class, AT_ONCE),
        row(READ, error(1927, "70100"), SourceException.LostDuringQuery.class, AT_ONCE),
        row(READ, error(1205, "HY000"), SourceException.LostDuringQuery.class, AT_ONCE),
        row(READ, error(1213, "40001"), SourceException.LostDuringQuery.class, AT_ONCE),
        row(READ, error(1412, "HY000"), SourceException.LostDuringQuery.class, AT_ONCE),
        row(READ, error(1158, "08S01"), SourceException.LostDuringQuery.class, AT_ONCE),
        row(READ, error(1160, "08S01"), SourceException.LostDuringQuery.class, AT_ONCE),
        row(READ, error(1161, "08S01"), SourceException.LostDuringQuery.class, AT_ONCE),
        row(READ, error(3024, "HY000"), SourceException.Stalled.class, AT_ONCE),
        row(READ, then(error(3024, "HY000")), SourceException.Stalled.class, AT_ONCE),
        row(READ, error(1969, "70100"), SourceException.Stalled.class, AT_ONCE),
        row(READ, error(1053, "08S01"), SourceException.ShuttingDown.class, AT_ONCE),
        row(READ, error(1290, "HY000"), SourceException.RoleSwapped.class, AT_ONCE),
        row(READ, error(1792, "25006"), SourceException.RoleSwapped.class, AT_ONCE),
        row(READ, error(1836, "HY000"), SourceException.RoleSwapped.class, AT_ONCE),
        row(READ, error(1153, "08S01"), SourceException.PacketTooLarge.class, AT_ONCE),
        row(READ, error(1142, "42000"), SourceException.AccessDenied.class, AT_ONCE),
        row(READ, error(1146, "42S02"), SourceException.SchemaError.class, AT_ONCE),
        row(READ, error(1054, "42S22"), SourceException.SchemaError.class, AT_ONCE),
        row(READ, error(1064, "42000"), SourceException.SchemaError.class, AT_ONCE));
  }

  private static Arguments row(String moment, Reply fault, Class<?> expected, Duration deadline) {
    return Arguments.of(moment, fault, expected, deadline);
  }

  private static Reply error(int code, String state) {
    return new Reply.Error(code, state, "as the server says");
  }

  private static Reply then(Reply end) {
    List<@Nullable String> row = List.of("one");
    return new Reply.Rows(List.of(row, row), end);
  }

  private List<String> poll() throws SourceException {
    return poll(sessions);
  }

  private static List<String> poll(Sessions of) throws SourceException {
    PollSession session = of.poll(SourcePosition.START);
    session.open();
    return session.run(
        "reading rows",
        on -> {
          List<String> titles = new ArrayList<>();
          on.read(Query.of(READ), row -> titles.add(row.getString(1)));
          return titles;
        });
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource({"whileConnecting", "whileReading"})
  void hasItsClassInTimeAndTheNextPollIsWell(
      String moment, Reply fault, Class<?> expected, Duration deadline) throws Exception {
    stub.answer(moment, fault);
    InTime.assertFails(
        deadline,
        () -> {
          // Nothing is known of an endpoint that failed the try before.
          sessions.close();
          sessions = sessions(stub.endpoint());
          SourceException failure = catchThrowableOfType(SourceException.class, this::poll);
          Duration took = stub.sinceRule();
          assertThat(failure).isInstanceOf(expected);
          return took;
        });

    stub.heal();
    stub.answer(READ, MySqlStub.rows(List.of(List.of("one"), List.of("two"))));
    assertThat(poll()).containsExactly("one", "two");
  }

  /** Rows that each come well within the gap take longer than the gap and than the first may. */
  @Test
  void slowRowsAreNotStalledWhileEachComesInTime() throws Exception {
    String text = "x".repeat(2_000);
    stub.answer(READ, MySqlStub.rows(Collections.nCopies(21, List.of(text))));
    try (FaultyProxy slow = new FaultyProxy(stub.endpoint().port())) {
      Sessions through = sessions(slow.endpoint());
      slow.spoil(Fault.SLOW, Point.answerTo(READ, 0), 1);
      long start = time.nanoTime();
      assertThat(poll(through)).hasSize(21);
      assertThat(time.since(start)).isGreaterThan(ROW_GAP.plus(FIRST_ROW).dividedBy(2));
      through.close();
    }
  }

  /** A connect that hangs ends when it is told to, long before its deadline. */
  @Test
  void abortEndsAHandshake() throws Exception {
    stub.answer(LOGIN, new Reply.Silence());
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<SourceException> poll =
          executor.submit(() -> catchThrowableOfType(SourceException.class, this::poll));
      stub.awaitRule();
      sessions.abort();
      assertThat(poll.get()).isInstanceOf(SourceException.HandshakeLost.class);
    }
  }

  @Test
  void passwordThatIsNotToBeHadIsAskedForAgainByTheNextPoll() throws Exception {
    password =
        () -> {
          throw new UncheckedIOException(new IOException("the vault is sealed"));
        };
    assertThat(catchThrowableOfType(SourceException.class, this::poll))
        .isInstanceOf(SourceException.AccessDenied.class)
        .hasMessageContaining("the vault is sealed");
    assertThat(stub.accepted()).isZero();
    password = () -> "any";
    assertThat(poll()).isEmpty();
  }

  @Test
  void anotherProtocolIsNamedAsSuch() {
    stub.answer(GREETING, new Reply.Raw("HTTP/1.1 400 Bad Request\r\n\r\n"));
    assertThat(catchThrowableOfType(SourceException.class, this::poll))
        .hasMessageContaining("does not speak MySQL's protocol");
  }
}

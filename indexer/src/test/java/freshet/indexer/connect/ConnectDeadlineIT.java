package freshet.indexer.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import freshet.indexer.connect.FaultyProxy.Fault;
import freshet.indexer.connect.FaultyProxy.Point;
import freshet.indexer.connect.FaultyProxy.Sender;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.session.FailureClassifier;
import freshet.indexer.session.SourceException;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Deadlines of a connect, held against peers that were seen to hang a driver. */
@Timeout(30)
class ConnectDeadlineIT {
  private static final Duration CONNECT = Duration.ofMillis(500);
  private static final Duration HANDSHAKE = Duration.ofMillis(1_000);

  /** Of connects that are to come about, however busy the machine is. */
  private static final Duration GENEROUS = Duration.ofSeconds(10);

  @RegisterExtension static final DatabaseFixture database = new DatabaseFixture();

  private final Time time = new SystemTime();

  private Connector connector(Resolver resolver) {
    return connector(CONNECT, HANDSHAKE, resolver);
  }

  private Connector patient() {
    return connector(GENEROUS, GENEROUS, Resolver.SYSTEM);
  }

  private Connector connector(Duration connect, Duration handshake, Resolver resolver) {
    DatabaseServer server = database.pair().source();
    return new Connector(
        database.schema(),
        new Credentials(server.rootUser(), server::rootPassword),
        new Tls.Off(),
        connect,
        handshake,
        time,
        resolver);
  }

  private ConnectFailure failure(Endpoint endpoint) {
    return failure(connector(Resolver.SYSTEM), endpoint);
  }

  private ConnectFailure failure(Connector connector, Endpoint endpoint) {
    long start = time.nanoTime();
    ConnectFailure failure =
        catchThrowableOfType(
            ConnectFailure.class, () -> connector.connect(endpoint, List.of("SELECT 1")));
    assertThat(time.since(start)).isLessThan(Duration.ofMillis(2_500));
    return failure;
  }

  @ParameterizedTest
  @CsvSource({"STALL, GREETING", "TRICKLE, AUTHENTICATION", "CUT, GREETING"})
  void peerThatIsNoServerEndsTheConnectInTime(Fault fault, ConnectPhase phase) throws Exception {
    try (FaultyProxy peer = new FaultyProxy(0)) {
      peer.spoil(fault, 0, 1);
      ConnectFailure failure = failure(peer.endpoint());
      assertThat(failure.phase()).isEqualTo(phase);
      // Between two bytes of a trickle the driver's own time-out may come just before the deadline.
      assertThat(FailureClassifier.ofConnect(failure))
          .isInstanceOf(
              fault == Fault.CUT
                  ? SourceException.HandshakeLost.class
                  : SourceException.HandshakeTimedOut.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "STALL, 20",
    "TRICKLE, 20",
    "CUT, 20",
    "STALL, 100",
    "TRICKLE, 100",
    "STALL, 150",
    "TRICKLE, 150",
    "CUT, 150",
    "RESET, 150"
  })
  void serverThatFallsSilentInTheMiddleEndsTheConnectInTime(Fault fault, long afterBytes)
      throws Exception {
    try (FaultyProxy proxy = new FaultyProxy(database.pair().source().port())) {
      proxy.spoil(fault, afterBytes, 1);
      assertThat(failure(proxy.endpoint()).phase()).isGreaterThan(ConnectPhase.GREETING);
    }
  }

  @ParameterizedTest
  @MethodSource("moments")
  void silenceAtEveryMomentOfAHandshakeIsGivenUpInTime(Point at, ConnectPhase phase, Fault fault)
      throws Exception {
    try (FaultyProxy proxy = new FaultyProxy(database.pair().source().port())) {
      proxy.spoil(fault, at, 1);
      ConnectFailure failure = failure(proxy.endpoint());
      proxy.awaitFault();
      assertThat(failure.phase()).isEqualTo(phase);
      assertThat(FailureClassifier.ofConnect(failure))
          .isInstanceOf(SourceException.HandshakeTimedOut.class);
      patient().connect(proxy.endpoint(), List.of()).connection().close();
    }
  }

  static Stream<Arguments> moments() {
    Point login = new Point(Sender.CLIENT, null, 0);
    return Stream.of(
        Arguments.of(Point.GREETING, ConnectPhase.GREETING, Fault.STALL),
        Arguments.of(Point.GREETING, ConnectPhase.AUTHENTICATION, Fault.TRICKLE),
        Arguments.of(Point.LOGIN, ConnectPhase.AUTHENTICATION, Fault.STALL),
        Arguments.of(Point.LOGIN, ConnectPhase.AUTHENTICATION, Fault.TRICKLE),
        Arguments.of(login, ConnectPhase.AUTHENTICATION, Fault.STALL),
        Arguments.of(Point.FIRST_QUERY, ConnectPhase.SESSION, Fault.STALL),
        Arguments.of(Point.FIRST_QUERY, ConnectPhase.SESSION, Fault.TRICKLE));
  }

  @Test
  void slowNetworkIsNoFailure() throws Exception {
    try (FaultyProxy proxy = new FaultyProxy(database.pair().source().port())) {
      proxy.spoil(Fault.DELAY, Point.GREETING, 1);
      Connected connected = patient().connect(proxy.endpoint(), List.of("SELECT 1"));
      connected.connection().close();
      assertThat(connected.timings().phases().get(ConnectPhase.GREETING))
          .isGreaterThanOrEqualTo(Duration.ofMillis(40));
    }
  }

  @Test
  void portWhereNobodyListensIsRefusedInThePhaseOfTcp() throws Exception {
    Endpoint nobody;
    try (FaultyProxy gone = new FaultyProxy(0)) {
      nobody = gone.endpoint();
    }
    assertThat(failure(nobody).phase()).isEqualTo(ConnectPhase.TCP);
  }

  /** A listener whose queue is full drops what comes, as a firewall does. */
  @Test
  void droppedSynEndsInThePhaseOfTcp() throws Exception {
    List<SocketChannel> waiting = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      fill(full, waiting);
      ConnectFailure failure = failure(new Endpoint("127.0.0.1", full.getLocalPort()));
      assertThat(failure.phase()).isEqualTo(ConnectPhase.TCP);
      assertThat(FailureClassifier.ofConnect(failure))
          .isInstanceOf(SourceException.Unreachable.class);
    } finally {
      for (SocketChannel channel : waiting) {
        channel.close();
      }
    }
  }

  private static void fill(ServerSocket full, List<SocketChannel> waiting) throws IOException {
    for (int i = 0; i < 8; i++) {
      SocketChannel channel = SocketChannel.open();
      waiting.add(channel);
      channel.configureBlocking(false);
      channel.connect(full.getLocalSocketAddress());
    }
  }

  @Test
  void anAddressThatDropsWhatComesLeavesTimeForTheNext() throws Exception {
    int port = database.pair().source().port();
    InetAddress dropping = InetAddress.getByName("127.0.0.2");
    List<SocketChannel> waiting = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(port, 1, dropping)) {
      fill(full, waiting);
      Connector both = connector(host -> List.of(dropping, InetAddress.getByName("127.0.0.1")));
      both.connect(new Endpoint("two-addresses", port), List.of()).connection().close();
    } finally {
      for (SocketChannel channel : waiting) {
        channel.close();
      }
    }
  }

  @Test
  void slowNameServerEndsInThePhaseOfTheLookUp() throws Exception {
    CountDownLatch answers = new CountDownLatch(1);
    Connector slow =
        connector(
            host -> {
              try {
                answers.await();
              } catch (InterruptedException e) {
                throw new UnknownHostException(host);
              }
              return Resolver.SYSTEM.resolve(host);
            });
    Endpoint server = new Endpoint("127.0.0.1", database.pair().source().port());
    ConnectFailure failure = failure(slow, server);
    assertThat(failure.phase()).isEqualTo(ConnectPhase.RESOLVE);
    assertThat(failure.isTimedOut()).isTrue();
    answers.countDown();
    slow.connect(server, List.of()).connection().close();
  }

  @Test
  void unknownNameFailsInThePhaseOfTheLookUp() {
    assertThat(failure(new Endpoint("no-such-host.invalid", 3306)).phase())
        .isEqualTo(ConnectPhase.RESOLVE);
  }

  @Test
  void phasesOfAConnectAreTimed() throws Exception {
    Endpoint server = new Endpoint("127.0.0.1", database.pair().source().port());
    Connected connected = patient().connect(server, List.of("SELECT 1"));
    try (var connection = connected.connection()) {
      assertThat(connection.getCatalog()).isEqualTo(database.schema());
      assertThat(connected.timings().phases())
          .containsOnlyKeys(
              ConnectPhase.RESOLVE,
              ConnectPhase.TCP,
              ConnectPhase.GREETING,
              ConnectPhase.AUTHENTICATION,
              ConnectPhase.SESSION);
    }
  }
}

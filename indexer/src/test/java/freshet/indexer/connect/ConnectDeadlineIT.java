package freshet.indexer.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import freshet.indexer.connect.FaultyProxy.Fault;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.embedded.DatabaseServer;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Deadlines of a connect, held against peers that were seen to hang a driver. */
@Timeout(30)
class ConnectDeadlineIT {
  private static final Duration CONNECT = Duration.ofMillis(500);
  private static final Duration HANDSHAKE = Duration.ofMillis(1_000);

  @RegisterExtension static final DatabaseFixture database = new DatabaseFixture();

  private final Time time = new SystemTime();

  private Connector connector() {
    DatabaseServer server = database.pair().source();
    return new Connector(
        database.schema(),
        new Credentials(server.rootUser(), server::rootPassword),
        new Tls.Off(),
        CONNECT,
        HANDSHAKE,
        time);
  }

  private ConnectFailure failure(Endpoint endpoint) {
    long start = time.nanoTime();
    ConnectFailure failure =
        catchThrowableOfType(
            ConnectFailure.class, () -> connector().connect(endpoint, List.of("SELECT 1")));
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
      assertThat(failure.isTimedOut() || fault != Fault.TRICKLE).isTrue();
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

  @Test
  void portWhereNobodyListensIsRefusedInThePhaseOfTcp() throws Exception {
    Endpoint nobody;
    try (FaultyProxy gone = new FaultyProxy(0)) {
      nobody = gone.endpoint();
    }
    assertThat(failure(nobody).phase()).isEqualTo(ConnectPhase.TCP);
  }

  @Test
  void unknownNameFailsInThePhaseOfTheLookUp() {
    assertThat(failure(new Endpoint("no-such-host.invalid", 3306)).phase())
        .isEqualTo(ConnectPhase.RESOLVE);
  }

  @Test
  void phasesOfAConnectAreTimed() throws Exception {
    Endpoint server = new Endpoint("127.0.0.1", database.pair().source().port());
    Connected connected = connector().connect(server, List.of("SELECT 1"));
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

package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.connect.Endpoint;
import freshet.indexer.connect.FaultyProxy;
import freshet.indexer.connect.FaultyProxy.Fault;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.SessionOptions;
import freshet.indexer.source.Listings;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.serve.Handshake;
import freshet.replicator.serve.HandshakeWatch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the server of snapshots is told of handshakes with a real database. */
@Timeout(120)
class HandshakeProbeIT {
  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();
  private final Heard heard = new Heard();
  private Listings listings;

  /** Notes what it hears. */
  private static final class Heard implements HandshakeWatch {
    private final List<Handshake> took = new ArrayList<>();
    private int failures;
    private boolean isNeeded;
    private boolean isUnderWay;

    @Override
    public boolean awaitWanted(Duration atMost) {
      return isNeeded;
    }

    @Override
    public void begins() {
      isUnderWay = true;
    }

    @Override
    public void ended() {
      isUnderWay = false;
    }

    @Override
    public void took(Handshake handshake) {
      took.add(handshake);
    }

    @Override
    public void failed() {
      failures++;
    }
  }

  @BeforeEach
  void start() throws Exception {
    listings = Listings.create(database, 1);
    // The account has to be on the replica, too.
    database.awaitReplica();
  }

  @Test
  void aHandshakeIsMeasuredOnlyWhenOneIsWanted() throws Exception {
    Endpoint replica = Listings.endpoint(database.pair().replica());
    long aborted = aborted();
    probe(replica, false).measure(Duration.ZERO);
    assertThat(heard.took).isEmpty();

    HandshakeProbe probe = probe(replica, true);
    probe.measure(Duration.ZERO);
    probe.measure(Duration.ZERO);

    assertThat(heard.took)
        .hasSize(2)
        .allSatisfy(
            each ->
                assertThat(each.parts())
                    .as("until the greeting, authentication, session")
                    .hasSize(3)
                    .allMatch(Duration::isPositive));
    assertThat(heard.failures).isZero();
    assertThat(heard.isUnderWay).isFalse();
    assertThat(aborted()).isEqualTo(aborted);
  }

  @Test
  void aGreetingThatIsCutCountsAndAServerThatIsDownDoesNot() throws Exception {
    try (FaultyProxy proxy = new FaultyProxy(database.pair().replica().port())) {
      long aborted = aborted();
      proxy.spoil(Fault.CUT, FaultyProxy.Point.GREETING, 1);
      HandshakeProbe probe = probe(proxy.endpoint(), true);
      probe.measure(Duration.ZERO);
      assertThat(heard.failures).isEqualTo(1);
      // Else the server may count it when another test has begun to look.
      while (aborted() == aborted) {
        Thread.onSpinWait();
      }
      probe.measure(Duration.ZERO);
      assertThat(heard.took).hasSize(1);
    }
    probe(new Endpoint("127.0.0.1", 1), true).measure(Duration.ZERO);
    assertThat(heard.failures).isEqualTo(1);
    assertThat(heard.isUnderWay).as("what ended badly has ended too").isFalse();
  }

  private HandshakeProbe probe(Endpoint endpoint, boolean isNeeded) {
    SessionOptions options = listings.options(List.of(endpoint)).session();
    DatabaseMetrics metrics = new DatabaseMetrics(List.of(endpoint), new SimpleMeterRegistry());
    metrics.tell(heard);
    heard.isNeeded = isNeeded;
    return new HandshakeProbe(options, metrics, SessionListener.NONE, heard, new SystemTime());
  }

  private long aborted() throws Exception {
    try (Connection root = database.pair().replica().connectAsRoot();
        Statement statement = root.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SHOW GLOBAL STATUS WHERE Variable_name IN ('Aborted_connects', 'Aborted_clients')")) {
      long sum = 0;
      while (rows.next()) {
        sum += rows.getLong(2);
      }
      return sum;
    }
  }
}

package freshet.indexer.benchmark.replicate;

import freshet.indexer.connect.ConnectFailure;
import freshet.indexer.connect.ConnectPhase;
import freshet.indexer.connect.Connected;
import freshet.indexer.connect.Connector;
import freshet.indexer.connect.Credentials;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.connect.Tls;
import freshet.indexer.embedded.DatabaseServer;
import freshet.replicator.runtime.Time;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Connects to the database again and again, as a master does, and notes when it is greeted. */
final class Greetings {
  private static final Duration BETWEEN = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Connector connector;
  private final Endpoint endpoint;
  private final Time time;

  /** Of a server that is reached at this port. */
  Greetings(DatabaseServer server, int port, Time time) {
    this.connector =
        new Connector(
            "",
            new Credentials(server.rootUser(), server::rootPassword),
            new Tls.Off(),
            PATIENCE,
            PATIENCE,
            time);
    this.endpoint = new Endpoint("127.0.0.1", port);
    this.time = time;
  }

  /** Connects once, and lets some time pass. */
  void sample(GreetingTimes times) throws InterruptedException {
    try {
      Connected connected = connector.connect(endpoint, List.of());
      times.add(connected.timings().phases().getOrDefault(ConnectPhase.GREETING, PATIENCE));
      connected.connection().close();
    } catch (ConnectFailure | SQLException e) {
      times.failed();
    }
    time.sleep(BETWEEN);
  }
}

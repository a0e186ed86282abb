package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.embedded.ServerOptions;
import freshet.indexer.embedded.Signals;
import freshet.indexer.embedded.TestFlavor;
import freshet.indexer.session.ConnectGate;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.SessionOptions;
import freshet.indexer.session.Sessions;
import freshet.indexer.session.SourceException;
import freshet.indexer.session.Timeouts;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.SourcePosition;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two hundred clients, each without regard for the others, before a server that is paused. */
@Timeout(120)
class CrowdIT {
  private static final int CLIENTS = 200;
  private static final Time TIME = new SystemTime();
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration HANDSHAKE = Duration.ofSeconds(6);

  /** What two cores need to run as many handshakes at once. */
  private static final Duration SLACK = Duration.ofSeconds(20);

  private record Outcome(
      @org.jspecify.annotations.Nullable SourceException failure, Duration took) {}

  private static Outcome connect(Sessions sessions) {
    long start = TIME.nanoTime();
    try {
      sessions.poll(SourcePosition.START).open();
      return new Outcome(null, TIME.since(start));
    } catch (SourceException e) {
      return new Outcome(e, TIME.since(start));
    }
  }

  private static List<Sessions> crowd(Listings listings, DatabaseServer server) {
    SessionOptions options = listings.options(List.of(Listings.endpoint(server))).session();
    List<Sessions> crowd = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      crowd.add(
          new Sessions(
              options,
              new ConnectGate(options),
              TIME,
              new Random(i),
              new StopSignal(),
              SessionListener.NONE));
    }
    return crowd;
  }

  @Test
  void noneIsStuckAndAllConnectOnceTheServerGoesOn() throws Exception {
    try (DatabaseServer server =
            TestFlavor.chosen()
                .start(
                    ServerOptions.temporary(1)
                        .withConfiguration("max_connections=400", "back_log=400"),
                    TIME);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Listings listings;
      try (Connection root = server.connectAsRoot()) {
        Listings.execute(root, "CREATE DATABASE shop", "USE shop");
        listings = Listings.create(root, "shop", 6);
      }
      listings.timeouts =
          new Timeouts(CONNECT, HANDSHAKE, HANDSHAKE, HANDSHAKE, Duration.ofMinutes(1));
      listings.retry =
          new freshet.indexer.session.RetryOptions(
              1, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO);
      List<Sessions> crowd = crowd(listings, server);
      CountDownLatch begun = new CountDownLatch(CLIENTS);
      List<Future<Outcome>> outcomes = new ArrayList<>();
      Signals.send("STOP", server.process());
      try {
        for (Sessions sessions : crowd) {
          outcomes.add(
              executor.submit(
                  () -> {
                    begun.countDown();
                    return connect(sessions);
                  }));
        }
        begun.await();
        // Long enough that some give up, short enough that some do not.
        TIME.sleep(HANDSHAKE.dividedBy(2));
      } finally {
        Signals.send("CONT", server.process());
      }
      for (Future<Outcome> future : outcomes) {
        Outcome outcome = future.get();
        assertThat(outcome.took()).isLessThan(CONNECT.plus(HANDSHAKE.multipliedBy(3)).plus(SLACK));
        if (outcome.failure() != null) {
          assertThat(outcome.failure().isTransient()).as(outcome.toString()).isTrue();
        }
      }
      List<Future<Outcome>> again = new ArrayList<>();
      for (Sessions sessions : crowd) {
        again.add(executor.submit(() -> connect(sessions)));
      }
      for (Future<Outcome> future : again) {
        assertThat(future.get().failure()).isNull();
      }
      crowd.forEach(Sessions::close);
    }
  }
}

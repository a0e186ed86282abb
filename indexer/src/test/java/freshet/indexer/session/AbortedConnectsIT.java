package freshet.indexer.session;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.connect.ConnectTimings;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.connect.FaultyProxy;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.source.Listings;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.SourcePosition;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a real server counts of connects that broke is known after the next good one. */
@Timeout(120)
class AbortedConnectsIT {
  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private final List<Long> counts = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  @Test
  void connectsThatBreakAreCountedByTheServerAndToldAfterTheNextGoodOne() throws Exception {
    Listings listings = Listings.create(database, 6);
    try (FaultyProxy proxy = new FaultyProxy(database.pair().source().port())) {
      open(listings, proxy);
      long before = aborted();
      proxy.spoil(FaultyProxy.Fault.CUT, FaultyProxy.Point.GREETING, 1);
      open(listings, proxy);
      while (aborted() == before) {
        Thread.onSpinWait();
      }
      open(listings, proxy);
    }

    assertThat(failures).hasSize(1);
    assertThat(counts).as("after each good connect").hasSize(3);
    assertThat(counts.getLast()).isGreaterThan(counts.getFirst());
  }

  private void open(Listings listings, FaultyProxy proxy) throws Exception {
    SessionOptions options = listings.options(List.of(proxy.endpoint())).session();
    SessionListener listener =
        new SessionListener() {
          @Override
          public void connected(Endpoint endpoint, ConnectTimings timings) {}

          @Override
          public boolean wantsCounts() {
            return true;
          }

          @Override
          public void counted(Endpoint endpoint, long abortedConnects) {
            counts.add(abortedConnects);
          }

          @Override
          public void failed(Endpoint endpoint, SourceException failure) {
            failures.add(failure.getClass().getSimpleName());
          }
        };
    try (Sessions sessions =
        new Sessions(
            options,
            new ConnectGate(options),
            new SystemTime(),
            new Random(1),
            new StopSignal(),
            listener)) {
      sessions.poll(SourcePosition.START).open();
    }
  }

  private long aborted() throws SQLException {
    try (Connection root = database.pair().source().connectAsRoot();
        Statement statement = root.createStatement();
        ResultSet rows = statement.executeQuery("SHOW GLOBAL STATUS LIKE 'Aborted_connects'")) {
      rows.next();
      return rows.getLong(2);
    }
  }
}

package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import freshet.indexer.connect.Endpoint;
import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.embedded.GrantsFile;
import freshet.indexer.embedded.ServerOptions;
import freshet.indexer.embedded.TestFlavor;
import freshet.indexer.session.ConnectGate;
import freshet.indexer.session.InTime;
import freshet.indexer.session.Query;
import freshet.indexer.session.RetryOptions;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.SessionOptions;
import freshet.indexer.session.Sessions;
import freshet.indexer.session.SourceException;
import freshet.indexer.session.Timeouts;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.SourcePosition;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A real server that tests may harm, a table of ten digits on it, and sessions that read it. */
final class TroubledServer implements AutoCloseable {
  static final Time TIME = new SystemTime();

  /** Nothing here hangs in it; the first one loads classes. */
  private static final Duration CONNECT = Duration.ofSeconds(3);

  static final Duration HANDSHAKE = Duration.ofMillis(1_000);
  static final Duration FIRST_ROW = Duration.ofMillis(1_500);
  static final Duration AT_ONCE = Duration.ZERO;

  /** Does not come into it. */
  static final Duration LONG_DEADLINE = Duration.ofSeconds(30);

  /** Far more than all buffers on the way hold. */
  static final Query LONG =
      Query.of(
          "SELECT REPEAT('x', 1000) FROM digits a, digits b, digits c, digits d, digits e, digits f");

  /** Works for a long time before its first row. */
  static final Query SLOW =
      Query.of(
          "SELECT COUNT(DISTINCT SHA2(CONCAT(a.n, b.n, c.n, d.n, e.n, f.n, g.n), 512))"
              + " FROM digits a, digits b, digits c, digits d, digits e, digits f, digits g");

  static final Query QUICK = Query.of("SELECT n FROM digits");

  static final Duration ROW_GAP = Duration.ofMillis(700);

  final DatabaseServer server;
  final Listings listings;
  private Sessions sessions;

  private TroubledServer(DatabaseServer server, Listings listings) {
    this.server = server;
    this.listings = listings;
    this.sessions = sessions(listings.options(List.of(Listings.endpoint(server))).session());
  }

  /** Starts a server with these lines in its configuration. */
  static TroubledServer start(String... configuration) throws Exception {
    DatabaseServer server =
        TestFlavor.chosen()
            .start(ServerOptions.temporary(1).withConfiguration(configuration), TIME);
    try (Connection root = server.connectAsRoot()) {
      Listings.execute(root, "CREATE DATABASE shop", "USE shop");
      Listings listings = Listings.create(root, "shop", 6);
      Listings.execute(
          root,
          "CREATE TABLE digits (n INT PRIMARY KEY)",
          "INSERT INTO digits VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)",
          "GRANT SELECT ON shop.digits TO 'freshet'@'127.0.0.1'");
      return new TroubledServer(server, listings);
    } catch (Exception e) {
      server.close();
      throw e;
    }
  }

  /** Short deadlines, one attempt, the right password, and nothing kept of an earlier test. */
  void begin() {
    listings.retry = new RetryOptions(1, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO);
    listings.timeouts =
        new Timeouts(CONNECT, HANDSHAKE, FIRST_ROW, ROW_GAP, Duration.ofSeconds(30));
    listings.password = Listings.PASSWORD;
    reachBy(Listings.endpoint(server));
  }

  /** Deadlines that do not come into it. */
  void bePatient() {
    listings.timeouts =
        new Timeouts(
            LONG_DEADLINE,
            LONG_DEADLINE,
            LONG_DEADLINE,
            LONG_DEADLINE,
            LONG_DEADLINE.multipliedBy(2));
    reachBy(Listings.endpoint(server));
  }

  /** From now on connects go here. */
  void reachBy(Endpoint endpoint) {
    use(listings.options(List.of(endpoint)).session());
  }

  /** From now on connects are made so. */
  void use(SessionOptions options) {
    sessions.close();
    sessions = sessions(options);
  }

  private static Sessions sessions(SessionOptions options) {
    return new Sessions(
        options,
        new ConnectGate(options),
        TIME,
        new Random(1),
        new StopSignal(),
        SessionListener.NONE);
  }

  /** What polls read by. */
  Sessions reading() {
    return sessions;
  }

  /** Forgets the connection that was kept. */
  void endSession() {
    sessions.close();
  }

  /** Lets the indexer's account come from another address too. */
  void grantTo(String address) throws Exception {
    String account = "'freshet'@'%s'".formatted(address);
    List<String> grants =
        new GrantsFile(account, Listings.PASSWORD, "shop", "listing", "listing_deleted")
            .statements(Path.of(System.getProperty("freshet.home", "..")));
    asRoot(grants.toArray(String[]::new));
    asRoot("GRANT SELECT ON shop.digits TO " + account);
  }

  Connection root() throws SQLException {
    return server.connect(server.rootUser(), server.rootPassword(), "shop");
  }

  void asRoot(String... statements) throws SQLException {
    try (Connection root = root()) {
      Listings.execute(root, statements);
    }
  }

  /** Waits until nobody else is connected: a server hears of an end a little later than we do. */
  void awaitAlone(Connection root) throws Exception {
    String others =
        "information_schema.processlist WHERE id <> CONNECTION_ID() AND user IN ('freshet', '%s', 'unauthenticated user')"
            .formatted(server.rootUser());
    ListingTable table = new ListingTable(root);
    while (table.count(others) > 0) {
      TIME.sleep(Duration.ofMillis(10));
    }
  }

  boolean isMySql() {
    return server.flavor().equals("mysql");
  }

  int read(Query query) throws SourceException {
    int[] rows = new int[1];
    return sessions
        .poll(SourcePosition.START)
        .run(
            "reading",
            on -> {
              on.read(query, row -> rows[0]++ >= 0);
              return rows[0];
            });
  }

  /** Reads, which fails by this deadline and a tenth of it, however often it is tried. */
  SourceException failureOf(Query query, Duration deadline) throws Exception {
    List<SourceException> failures = new ArrayList<>();
    InTime.assertFails(deadline, () -> InTime.tookOf(() -> failures.add(failureOf(query))));
    return failures.getFirst();
  }

  /** Reads, which fails. */
  SourceException failureOf(Query query) {
    return catchThrowableOfType(SourceException.class, () -> read(query));
  }

  /** Reads, which fails by this deadline at the latest, for a reason with one of these codes. */
  void assertFails(
      Query query, Duration deadline, Class<? extends SourceException> as, Integer... codes)
      throws Exception {
    SourceException failure = failureOf(query, deadline);
    assertThat(failure).isInstanceOf(as);
    assertThat(codeOf(failure)).as(failure.getMessage()).isIn((Object[]) codes);
  }

  /** The server's code, which the driver hands on somewhere in the chain of causes; 0 if none. */
  private static int codeOf(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof SQLException sql && sql.getErrorCode() != 0) {
        return sql.getErrorCode();
      }
    }
    return 0;
  }

  /** The next read needs nobody's help. */
  void assertWellAgain() throws SourceException {
    assertThat(read(QUICK)).isEqualTo(10);
  }

  @Override
  public void close() {
    sessions.close();
    server.close();
  }
}

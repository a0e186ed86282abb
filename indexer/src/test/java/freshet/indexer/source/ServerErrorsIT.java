package freshet.indexer.source;

import static freshet.indexer.source.TroubledServer.AT_ONCE;
import static freshet.indexer.source.TroubledServer.QUICK;
import static freshet.indexer.source.TroubledServer.SLOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import freshet.indexer.connect.Credentials;
import freshet.indexer.connect.FaultyProxy;
import freshet.indexer.session.FailureClassifier;
import freshet.indexer.session.Query;
import freshet.indexer.session.SessionOptions;
import freshet.indexer.session.SourceException;
import freshet.indexer.session.Timeouts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The server's own error codes, each brought about on a real server: its class, in time, and the
 * next poll is well once the cause is gone. Codes that only a network between brings about (1158 to
 * 1161), and those of a snapshot that outlives a statement (1412, we hold none) or of a server that
 * was started read-only as a whole (1836), come from FaultTableIT's stub.
 */
@Timeout(120)
class ServerErrorsIT {
  private static final Duration LONG_DEADLINE = Duration.ofSeconds(30);
  private static final int ERROR_PACKET = 0xff;

  private static TroubledServer server;

  @BeforeAll
  static void startServer() throws Exception {
    // MariaDB refuses to change the bound of connections of a user that was 0 at its start; only a
    // server that looks names up counts broken connects of a host; no thread waits for a client.
    server =
        TroubledServer.start(
            "max_user_connections=100", "skip_name_resolve=OFF", "thread_cache_size=0");
    server.asRoot(
        """
        CREATE FUNCTION shop.write_digit() RETURNS INT DETERMINISTIC SQL SECURITY INVOKER
        BEGIN INSERT INTO shop.digits VALUES (99); RETURN 1; END""",
        """
        CREATE FUNCTION shop.end_itself() RETURNS INT DETERMINISTIC
        BEGIN KILL CONNECTION CONNECTION_ID(); RETURN 1; END""",
        "GRANT EXECUTE ON FUNCTION shop.write_digit TO 'freshet'@'127.0.0.1'",
        "GRANT EXECUTE ON FUNCTION shop.end_itself TO 'freshet'@'127.0.0.1'");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void start() {
    server.begin();
  }

  /** Deadlines that do not come into it. */
  private static void bePatient() {
    server.listings.timeouts =
        new Timeouts(
            LONG_DEADLINE,
            LONG_DEADLINE,
            LONG_DEADLINE,
            LONG_DEADLINE,
            LONG_DEADLINE.multipliedBy(2));
    server.reachBy(Listings.endpoint(server.server));
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

  private static void assertFails(
      Query query, Duration deadline, Class<? extends SourceException> as, Integer... codes) {
    SourceException failure = server.failureOf(query, deadline);
    assertThat(failure).isInstanceOf(as);
    assertThat(codeOf(failure)).as(failure.getMessage()).isIn((Object[]) codes);
  }

  /** Connects from an address of this host, and ends without a word after the first packet. */
  private static int firstByteOfGreeting(InetAddress from) throws IOException {
    try (Socket socket = new Socket()) {
      return firstByteOfGreeting(socket, from);
    }
  }

  private static int firstByteOfGreeting(Socket socket, InetAddress from) throws IOException {
    socket.bind(new InetSocketAddress(from, 0));
    socket.setSoTimeout((int) LONG_DEADLINE.toMillis());
    socket.connect(new InetSocketAddress("127.0.0.1", server.server.port()));
    // Behind the length and the number of the packet.
    return socket.getInputStream().readNBytes(5)[4] & 0xff;
  }

  /** The first value of the first row, once there is one. */
  private static long await(Connection root, String sql) throws SQLException {
    while (true) {
      try (Statement statement = root.createStatement();
          ResultSet row = statement.executeQuery(sql)) {
        if (row.next()) {
          return row.getLong(1);
        }
      }
      // The server renews what it shows of transactions only for readers that come seldom.
      Listings.execute(root, "DO SLEEP(0.2)");
    }
  }

  /**
   * 127.0.0.1 is never blocked, by neither server; another address of this host is, once the server
   * knows that it has no name.
   */
  @Test
  void hostThatBrokeTooManyConnects() throws Exception {
    InetAddress address = InetAddress.getByName("127.0.0.2");
    server.grantTo("127.0.0.2");
    try (FaultyProxy proxy = new FaultyProxy(server.server.port())) {
      proxy.comeFrom(address);
      server.reachBy(proxy.endpoint());
      server.asRoot("SET GLOBAL max_connect_errors=1");
      int first = firstByteOfGreeting(address);
      // It counts what was broken a little later than we break it.
      for (int i = 0; i < 20 && first != ERROR_PACKET; i++) {
        first = firstByteOfGreeting(address);
      }
      assumeThat(first)
          .as("no name server says that 127.0.0.2 has no name, so the server counts nothing")
          .isEqualTo(ERROR_PACKET);
      assertFails(QUICK, AT_ONCE, SourceException.HandshakeLost.class, 1129);
      server.asRoot(
          "SET GLOBAL max_connect_errors=100",
          server.isMySql() ? "TRUNCATE TABLE performance_schema.host_cache" : "FLUSH HOSTS");
      server.assertWellAgain();
    } finally {
      server.asRoot("SET GLOBAL max_connect_errors=100", "DROP USER 'freshet'@'127.0.0.2'");
    }
  }

  @Test
  void hostThatNoAccountIsFor() throws Exception {
    try (FaultyProxy proxy = new FaultyProxy(server.server.port())) {
      proxy.comeFrom(InetAddress.getByName("127.0.0.3"));
      server.reachBy(proxy.endpoint());
      assertFails(QUICK, AT_ONCE, SourceException.AccessDenied.class, 1130);
      server.grantTo("127.0.0.3");
      server.assertWellAgain();
    } finally {
      server.asRoot("DROP USER IF EXISTS 'freshet'@'127.0.0.3'");
    }
  }

  @Test
  void connectionsOfAllUsersAreBounded() throws Exception {
    try (Connection root = server.root();
        Connection held = server.server.connect("freshet", Listings.PASSWORD, "shop")) {
      assertThat(held.isValid(1)).isTrue();
      Listings.execute(root, "SET GLOBAL max_user_connections=1");
      try {
        assertFails(QUICK, AT_ONCE, SourceException.TooManyConnections.class, 1203);
      } finally {
        Listings.execute(root, "SET GLOBAL max_user_connections=100");
      }
    }
    server.assertWellAgain();
  }

  @Test
  void connectionsOfTheAccountAreBounded() throws Exception {
    server.asRoot("ALTER USER 'freshet'@'127.0.0.1' WITH MAX_USER_CONNECTIONS 1");
    try (Connection held = server.server.connect("freshet", Listings.PASSWORD, "shop")) {
      assertThat(held.isValid(1)).isTrue();
      assertFails(QUICK, AT_ONCE, SourceException.TooManyConnections.class, 1226);
    } finally {
      server.asRoot("ALTER USER 'freshet'@'127.0.0.1' WITH MAX_USER_CONNECTIONS 0");
    }
    server.assertWellAgain();
  }

  /** A thread's stack needs memory; the server gets none from here on. */
  @Test
  void serverThatCanMakeNoThread() throws Exception {
    long pid = server.server.process().pid();
    List<Socket> others = new ArrayList<>();
    limitMemory(pid, Long.toString(memory(pid)));
    try {
      int first = 0;
      while (first != ERROR_PACKET) {
        Socket other = new Socket();
        others.add(other);
        first = firstByteOfGreeting(other, InetAddress.getByName("127.0.0.1"));
      }
      assertFails(QUICK, AT_ONCE, SourceException.TooManyConnections.class, 1135);
    } finally {
      limitMemory(pid, "unlimited");
      for (Socket other : others) {
        other.close();
      }
    }
    server.assertWellAgain();
  }

  private static long memory(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/%d/status".formatted(pid))).stream()
        .filter(line -> line.startsWith("VmSize:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  private static void limitMemory(long pid, String bytes) throws Exception {
    assertThat(
            new ProcessBuilder("prlimit", "--pid", Long.toString(pid), "--as=" + bytes + ":")
                .inheritIO()
                .start()
                .waitFor())
        .isZero();
  }

  @Test
  void accountThatIsLocked() throws Exception {
    server.asRoot("ALTER USER 'freshet'@'127.0.0.1' ACCOUNT LOCK");
    try {
      assertFails(QUICK, AT_ONCE, SourceException.AccessDenied.class, 3118, 4151);
    } finally {
      server.asRoot("ALTER USER 'freshet'@'127.0.0.1' ACCOUNT UNLOCK");
    }
    server.assertWellAgain();
  }

  @Test
  void passwordThatHasExpired() throws Exception {
    server.asRoot("ALTER USER 'freshet'@'127.0.0.1' PASSWORD EXPIRE");
    try {
      assertFails(QUICK, AT_ONCE, SourceException.AccessDenied.class, 1820, 1862);
    } finally {
      server.asRoot(
          "ALTER USER 'freshet'@'127.0.0.1' IDENTIFIED BY '%s'".formatted(Listings.PASSWORD));
    }
    server.assertWellAgain();
  }

  @Test
  void databaseThatTheAccountMayNotUse() throws Exception {
    server.use(ofDatabase("mysql", "freshet", Listings.PASSWORD));
    assertFails(QUICK, AT_ONCE, SourceException.AccessDenied.class, 1044);
    server.begin();
    server.assertWellAgain();
  }

  @Test
  void databaseThatIsNotThere() throws Exception {
    // Of one that it has no privilege on, an account is not told whether it is there.
    server.use(ofDatabase("nowhere", server.server.rootUser(), server.server.rootPassword()));
    assertFails(QUICK, AT_ONCE, SourceException.SchemaError.class, 1049);
    server.asRoot("CREATE DATABASE nowhere");
    try {
      assertThat(server.read(Query.of("SELECT n FROM shop.digits"))).isEqualTo(10);
    } finally {
      server.asRoot("DROP DATABASE nowhere");
    }
  }

  private static SessionOptions ofDatabase(String database, String user, String password) {
    SessionOptions all =
        server.listings.options(List.of(Listings.endpoint(server.server))).session();
    return new SessionOptions(
        all.endpoints(),
        database,
        new Credentials(user, () -> password),
        all.tls(),
        all.lag(),
        all.timeouts(),
        all.retry(),
        all.maxAge(),
        all.maxLag(),
        all.maxConcurrentConnects());
  }

  /** MySQL alone has such a mode. */
  @Test
  void serverInOfflineMode() throws Exception {
    assumeThat(server.isMySql()).isTrue();
    server.asRoot("SET GLOBAL offline_mode=ON");
    try {
      assertFails(QUICK, AT_ONCE, SourceException.ShuttingDown.class, 3032);
    } finally {
      server.asRoot("SET GLOBAL offline_mode=OFF");
    }
    server.assertWellAgain();
  }

  @Test
  void columnThatIsGoneAndSqlThatIsNone() throws Exception {
    assertFails(
        Query.of("SELECT nothing FROM digits"), AT_ONCE, SourceException.SchemaError.class, 1054);
    assertFails(Query.of("SELECT FROM"), AT_ONCE, SourceException.SchemaError.class, 1064);
    server.assertWellAgain();
  }

  /**
   * A function of the user's, in searchable_if or table.query, may do what no poll does. Sessions
   * of ours are read-only by themselves, of which MariaDB speaks before it speaks of its own
   * option.
   */
  @Test
  void statementThatWrites() throws Exception {
    Query writing = Query.of("SELECT shop.write_digit()");
    server.asRoot("SET GLOBAL read_only=ON");
    try (Connection plain = server.server.connect("freshet", Listings.PASSWORD, "shop")) {
      SQLException refused =
          catchThrowableOfType(
              SQLException.class, () -> Listings.execute(plain, "SELECT shop.write_digit()"));
      assertThat(refused.getErrorCode()).isEqualTo(1290);
      assertThat(FailureClassifier.ofQuery("writing", refused))
          .isInstanceOf(SourceException.RoleSwapped.class);
      assertFails(writing, AT_ONCE, SourceException.RoleSwapped.class, 1290, 1792);
      server.assertWellAgain();
    } finally {
      server.asRoot("SET GLOBAL read_only=OFF");
    }
    assertFails(writing, AT_ONCE, SourceException.RoleSwapped.class, 1792);
    server.assertWellAgain();
  }

  /** We hold one row and wait for another, whose holder then wants the first. */
  @Test
  void deadlock() throws Exception {
    bePatient();
    try (Connection root = server.root();
        Connection watching = server.root();
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      root.setAutoCommit(false);
      // Whoever has changed more is not the victim.
      Listings.execute(root, "DELETE FROM digits WHERE n > 4");
      Future<?> poll =
          executor.submit(
              () ->
                  assertFails(
                      Query.of("SELECT n FROM digits WHERE n IN (1, 9) LOCK IN SHARE MODE"),
                      LONG_DEADLINE,
                      SourceException.LostDuringQuery.class,
                      1213));
      await(
          watching,
          "SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT' LIMIT 1");
      Listings.execute(root, "SELECT n FROM digits WHERE n = 1 FOR UPDATE");
      poll.get();
      root.rollback();
    }
    server.assertWellAgain();
  }

  @Test
  void lockThatIsWaitedForTooLong() throws Exception {
    bePatient();
    server.asRoot("SET GLOBAL innodb_lock_wait_timeout=1");
    try (Connection root = server.root()) {
      root.setAutoCommit(false);
      Listings.execute(root, "SELECT n FROM digits WHERE n = 1 FOR UPDATE");
      assertFails(
          Query.of("SELECT n FROM digits LOCK IN SHARE MODE"),
          // The server looks once a second.
          Duration.ofSeconds(2),
          SourceException.LostDuringQuery.class,
          1205);
      root.rollback();
    } finally {
      server.asRoot("SET GLOBAL innodb_lock_wait_timeout=50");
    }
    server.assertWellAgain();
  }

  /** A connection that another one kills hears nothing any more: its socket is closed. */
  @Test
  void connectionKilledWhileItsQueryRuns() throws Exception {
    assertFailsWhenKilled("KILL CONNECTION", 0);
  }

  /** The one that kills itself is told so: MariaDB has a code of its own for it. */
  @Test
  void connectionThatIsToldThatItWasKilled() throws Exception {
    assertFails(
        Query.of("SELECT shop.end_itself()"),
        AT_ONCE,
        SourceException.LostDuringQuery.class,
        server.isMySql() ? 1317 : 1927);
    server.assertWellAgain();
  }

  @Test
  void queryKilledBeforeItsFirstRow() throws Exception {
    assertFailsWhenKilled("KILL QUERY", 1317);
  }

  private static void assertFailsWhenKilled(String kill, int code) throws Exception {
    bePatient();
    // Told from one that was killed before, and is not gone yet.
    Query slow = Query.of("%s /* %s */".formatted(SLOW.sql(), kill));
    try (Connection root = server.root();
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> poll =
          executor.submit(
              () -> assertFails(slow, LONG_DEADLINE, SourceException.LostDuringQuery.class, code));
      long id =
          await(
              root,
              "SELECT id FROM information_schema.processlist"
                  + " WHERE user = 'freshet' AND info LIKE '%/* "
                  + kill
                  + " */'");
      Listings.execute(root, kill + " " + id);
      poll.get();
    }
    server.assertWellAgain();
  }
}

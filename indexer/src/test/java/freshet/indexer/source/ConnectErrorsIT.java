package freshet.indexer.source;

import static freshet.indexer.source.TroubledServer.AT_ONCE;
import static freshet.indexer.source.TroubledServer.LONG_DEADLINE;
import static freshet.indexer.source.TroubledServer.QUICK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import freshet.indexer.connect.Credentials;
import freshet.indexer.connect.FaultyProxy;
import freshet.indexer.session.Query;
import freshet.indexer.session.SessionOptions;
import freshet.indexer.session.SourceException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The error codes with which a server refuses a connect, each brought about on a real server: its
 * class, in time, and the next poll is well once the cause is gone.
 */
@Timeout(120)
class ConnectErrorsIT {
  private static final int ERROR_PACKET = 0xff;

  private static TroubledServer server;

  @BeforeAll
  static void startServer() throws Exception {
    // MariaDB refuses to change the bound of connections of a user that was 0 at its start; only a
    // server that looks names up counts broken connects of a host.
    server = TroubledServer.start("max_user_connections=100", "skip_name_resolve=OFF");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void start() {
    server.begin();
  }

  /** Connects from an address of this host, and ends without a word after the first packet. */
  private static int firstByteOfGreeting(InetAddress from) throws IOException {
    try (Socket socket = new Socket()) {
      return firstByteOfGreeting(server, socket, from);
    }
  }

  private static int firstByteOfGreeting(TroubledServer of, Socket socket, InetAddress from)
      throws IOException {
    socket.bind(new InetSocketAddress(from, 0));
    socket.setSoTimeout((int) LONG_DEADLINE.toMillis());
    socket.connect(new InetSocketAddress("127.0.0.1", of.server.port()));
    // Behind the length and the number of the packet.
    return socket.getInputStream().readNBytes(5)[4] & 0xff;
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
      server.assertFails(QUICK, AT_ONCE, SourceException.HandshakeLost.class, 1129);
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
      server.assertFails(QUICK, AT_ONCE, SourceException.AccessDenied.class, 1130);
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
        server.assertFails(QUICK, AT_ONCE, SourceException.TooManyConnections.class, 1203);
      } finally {
        Listings.execute(root, "SET GLOBAL max_user_connections=100");
      }
    }
    server.assertWellAgain();
  }

  @Test
  void connectionsOfTheAccountAreBounded() throws Exception {
    try (Connection root = server.root()) {
      server.awaitAlone(root);
      Listings.execute(root, "ALTER USER 'freshet'@'127.0.0.1' WITH MAX_USER_CONNECTIONS 1");
    }
    try (Connection held = server.server.connect("freshet", Listings.PASSWORD, "shop")) {
      assertThat(held.isValid(1)).isTrue();
      server.assertFails(QUICK, AT_ONCE, SourceException.TooManyConnections.class, 1226);
    } finally {
      server.asRoot("ALTER USER 'freshet'@'127.0.0.1' WITH MAX_USER_CONNECTIONS 0");
    }
    server.assertWellAgain();
  }

  /** A thread's stack needs more memory than the server gets from here on; all else goes on. */
  @Test
  void serverThatCanMakeNoThread() throws Exception {
    try (TroubledServer tight = TroubledServer.start("thread_stack=64M", "thread_cache_size=0")) {
      tight.begin();
      long pid = tight.server.process().pid();
      List<Socket> others = new ArrayList<>();
      limitMemory(pid, Long.toString(memory(pid) + (32L << 20)));
      try {
        int first = 0;
        while (first != ERROR_PACKET) {
          Socket other = new Socket();
          others.add(other);
          first = firstByteOfGreeting(tight, other, InetAddress.getByName("127.0.0.1"));
        }
        tight.assertFails(QUICK, AT_ONCE, SourceException.TooManyConnections.class, 1135);
      } finally {
        limitMemory(pid, "unlimited");
        for (Socket other : others) {
          other.close();
        }
      }
      tight.assertWellAgain();
    }
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
      server.assertFails(QUICK, AT_ONCE, SourceException.AccessDenied.class, 3118, 4151);
    } finally {
      server.asRoot("ALTER USER 'freshet'@'127.0.0.1' ACCOUNT UNLOCK");
    }
    server.assertWellAgain();
  }

  @Test
  void passwordThatHasExpired() throws Exception {
    server.asRoot("ALTER USER 'freshet'@'127.0.0.1' PASSWORD EXPIRE");
    try {
      server.assertFails(QUICK, AT_ONCE, SourceException.AccessDenied.class, 1820, 1862);
    } finally {
      server.asRoot(
          "ALTER USER 'freshet'@'127.0.0.1' IDENTIFIED BY '%s'".formatted(Listings.PASSWORD));
    }
    server.assertWellAgain();
  }

  @Test
  void databaseThatTheAccountMayNotUse() throws Exception {
    server.use(ofDatabase("mysql", "freshet", Listings.PASSWORD));
    server.assertFails(QUICK, AT_ONCE, SourceException.AccessDenied.class, 1044);
    server.begin();
    server.assertWellAgain();
  }

  @Test
  void databaseThatIsNotThere() throws Exception {
    // Of one that it has no privilege on, an account is not told whether it is there.
    server.use(ofDatabase("nowhere", server.server.rootUser(), server.server.rootPassword()));
    server.assertFails(QUICK, AT_ONCE, SourceException.SchemaError.class, 1049);
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
      server.assertFails(QUICK, AT_ONCE, SourceException.ShuttingDown.class, 3032);
    } finally {
      server.asRoot("SET GLOBAL offline_mode=OFF");
    }
    server.assertWellAgain();
  }
}

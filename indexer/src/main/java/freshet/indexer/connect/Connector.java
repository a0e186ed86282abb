package freshet.indexer.connect;

import com.mysql.cj.jdbc.Driver;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections. Each ends, either way, within twice {@code connect} (name, then TCP) plus
 * {@code handshake} (greeting, TLS, authentication, the driver's first statements and ours), even
 * if the peer trickles: a watchdog closes the socket. Thread-safe.
 */
public final class Connector {
  private final String database;
  private final Credentials credentials;
  private final Tls tls;
  private final Duration connect;
  private final Duration handshake;
  private final Time time;
  private final Resolver resolver;
  private final Set<ConnectAttempt> underWay = ConcurrentHashMap.newKeySet();

  /**
   * A connector for one database and account.
   *
   * @param database the default database; empty for none
   * @param connect for looking up the name, and again for TCP
   * @param handshake from TCP until the session is set up
   */
  public Connector(
      String database,
      Credentials credentials,
      Tls tls,
      Duration connect,
      Duration handshake,
      Time time) {
    this(database, credentials, tls, connect, handshake, time, Resolver.SYSTEM);
  }

  /** With another way to look up names. */
  Connector(
      String database,
      Credentials credentials,
      Tls tls,
      Duration connect,
      Duration handshake,
      Time time,
      Resolver resolver) {
    this.database = database;
    this.credentials = credentials;
    this.tls = tls;
    this.connect = connect;
    this.handshake = handshake;
    this.time = time;
    this.resolver = resolver;
  }

  /**
   * Connects.
   *
   * @param setup statements to run before the deadline is lifted
   * @throws ConnectFailure if it does not succeed in time
   */
  public Connected connect(Endpoint endpoint, List<String> setup) throws ConnectFailure {
    return connect(endpoint, setup, phase -> {});
  }

  /**
   * Connects, and tells of each phase after the first when it begins.
   *
   * @param entered is called by the thread that connects; short, and throws nothing
   */
  public Connected connect(Endpoint endpoint, List<String> setup, Consumer<ConnectPhase> entered)
      throws ConnectFailure {
    ConnectAttempt attempt = new ConnectAttempt(endpoint, entered, time);
    long start = time.nanoTime();
    String password;
    try {
      password = credentials.password().get();
      attempt.prepare(
          resolve(endpoint.host()),
          Deadline.after(time, connect),
          verifyingContext(),
          tls instanceof Tls.VerifyIdentity);
    } catch (IOException | UncheckedIOException | GeneralSecurityException e) {
      boolean isTimedOut = e instanceof SocketTimeoutException;
      throw new ConnectFailure(
          endpoint, attempt.phase(), isTimedOut, time.since(start), attempt.timings(), e);
    }
    String name = UUID.randomUUID().toString();
    PhasedSocketFactory.handOver(name, attempt);
    underWay.add(attempt);
    Watchdog watchdog =
        Watchdog.arm("connect-deadline", time, connect.plus(handshake), attempt::expire);
    try (watchdog) {
      Connection connection = open(endpoint, name, password);
      runAll(connection, setup);
      return new Connected(
          connection, attempt.timings(), attempt.certificates(), attempt::closeSocket);
    } catch (SQLException e) {
      attempt.closeSocket();
      throw new ConnectFailure(
          endpoint, attempt.phase(), watchdog.hasFired(), time.since(start), attempt.timings(), e);
    } finally {
      underWay.remove(attempt);
      PhasedSocketFactory.takeBack(name);
    }
  }

  /** Lets the handshakes that are under way fail at once. */
  public void abort() {
    underWay.forEach(ConnectAttempt::expire);
  }

  private Connection open(Endpoint endpoint, String attempt, String password) throws SQLException {
    // The host is resolved already: what stands here only shows in messages.
    String url =
        "jdbc:mysql://address=(host=" + endpoint.host() + ")(port=" + endpoint.port() + ")/";
    Connection connection = new Driver().connect(url, properties(attempt, password));
    if (connection == null) {
      throw new SQLException("the driver does not know the URL " + url, "08001");
    }
    return connection;
  }

  private Properties properties(String attempt, String password) {
    Properties properties = new Properties();
    properties.setProperty("user", credentials.user());
    properties.setProperty("password", password);
    properties.setProperty("dbname", database);
    properties.setProperty("socketFactory", PhasedSocketFactory.class.getName());
    properties.setProperty(PhasedSocketFactory.ATTEMPT, attempt);
    properties.setProperty("connectTimeout", Long.toString(connect.toMillis()));
    properties.setProperty("socketTimeout", Long.toString(handshake.toMillis()));
    properties.setProperty("sslMode", tls instanceof Tls.Off ? "DISABLED" : "REQUIRED");
    // Without TLS, a password of caching_sha2_password is encrypted with the server's key.
    properties.setProperty("allowPublicKeyRetrieval", Boolean.toString(tls instanceof Tls.Off));
    properties.setProperty("characterEncoding", "UTF-8");
    properties.setProperty("connectionTimeZone", "UTC");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("autoReconnect", "false");
    properties.setProperty("tinyInt1isBit", "false");
    properties.setProperty("zeroDateTimeBehavior", "CONVERT_TO_NULL");
    // Else the driver sends a SET before and after every streamed query.
    properties.setProperty("netTimeoutForStreamingResults", "0");
    properties.setProperty("connectionAttributes", "program_name:freshet-indexer");
    return properties;
  }

  private static void runAll(Connection connection, List<String> setup) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : setup) {
        statement.execute(sql);
      }
    }
  }

  /** A resolver can take as long as it likes; it is left behind when it does. */
  private List<InetAddress> resolve(String host) throws IOException {
    FutureTask<List<InetAddress>> lookup = new FutureTask<>(() -> resolver.resolve(host));
    // No virtual thread: a look-up that hangs in native code would hold its carrier.
    Workers.thread("resolve-" + host, lookup).start();
    try {
      return lookup.get(connect.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw timedOut(
          "the name " + host + " was not resolved within " + connect.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownHostException unknown) {
        throw unknown;
      }
      throw new IOException("looking up " + host + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while looking up " + host, e);
    }
  }

  private static SocketTimeoutException timedOut(String message, Throwable cause) {
    SocketTimeoutException timeout = new SocketTimeoutException(message);
    timeout.initCause(cause);
    return timeout;
  }

  private static Collection<? extends Certificate> certificates(Path authorities)
      throws CertificateException {
    try (InputStream in = Files.newInputStream(authorities)) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) {
        throw new CertificateException("there is none in it");
      }
      return found;
    } catch (IOException | CertificateException e) {
      throw new CertificateException(
          "source.tls.ca_file %s can't be read: certificates in PEM form are expected: %s"
              .formatted(authorities, e),
          e);
    }
  }

  private @Nullable SSLContext verifyingContext() throws IOException, GeneralSecurityException {
    return switch (tls) {
      case Tls.Off off -> null;
      case Tls.Required required -> null;
      case Tls.VerifyCa(Path authorities) -> trusting(authorities);
      case Tls.VerifyIdentity(Path authorities) -> trusting(authorities);
    };
  }

  private static SSLContext trusting(Path authorities)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int n = 0;
    for (Certificate certificate : certificates(authorities)) {
      store.setCertificateEntry("ca-" + n++, certificate);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}

package freshet.indexer.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import freshet.indexer.connect.FaultyProxy.Fault;
import freshet.indexer.connect.FaultyProxy.Point;
import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.embedded.ServerOptions;
import freshet.indexer.embedded.TestFlavor;
import freshet.indexer.session.FailureClassifier;
import freshet.indexer.session.SourceException;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each kind of TLS accepts, against a server with a certificate of its own. */
@Timeout(60)
class TlsIT {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir static Path folder;
  private static DatabaseServer server;

  @BeforeAll
  static void start() throws Exception {
    makeCertificate("server", "ip:127.0.0.1");
    makeCertificate("other", "ip:127.0.0.1");
    server =
        TestFlavor.chosen()
            .start(
                ServerOptions.temporary(1)
                    .withConfiguration(
                        "ssl=ON",
                        "ssl_ca=" + folder.resolve("server.pem"),
                        "ssl_cert=" + folder.resolve("server.pem"),
                        "ssl_key=" + folder.resolve("server.key")),
                new SystemTime());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Self-signed, so that it is its own authority. */
  private static void makeCertificate(String name, String address) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    int exit =
        new ProcessBuilder(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                "x",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=" + address,
                "-ext",
                "bc=ca:true",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .inheritIO()
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException("keytool ended with " + exit);
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    pem(folder.resolve(name + ".pem"), "CERTIFICATE", keys.getCertificate("x").getEncoded());
    pem(folder.resolve(name + ".key"), "PRIVATE KEY", keys.getKey("x", PASSWORD).getEncoded());
  }

  private static void pem(Path file, String what, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    Files.writeString(
        file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, text, what));
  }

  private Connected connect(String host, Tls tls) throws ConnectFailure {
    return connect(new Endpoint(host, server.port()), tls, Duration.ofSeconds(10));
  }

  private static Connected connect(Endpoint endpoint, Tls tls, Duration longest)
      throws ConnectFailure {
    return new Connector(
            "",
            new Credentials(server.rootUser(), server::rootPassword),
            tls,
            longest,
            longest,
            new SystemTime())
        .connect(endpoint, List.of());
  }

  private void isEncrypted(Tls tls) throws Exception {
    Connected connected = connect("127.0.0.1", tls);
    assertThat(connected.timings().phases()).containsKey(ConnectPhase.TLS);
    try (Connection connection = connected.connection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW STATUS LIKE 'Ssl_version'")) {
      row.next();
      assertThat(row.getString(2)).startsWith("TLSv1.");
    }
  }

  private void isRefused(String host, Tls tls) {
    assertThatExceptionOfType(ConnectFailure.class)
        .isThrownBy(() -> connect(host, tls))
        .satisfies(failure -> assertThat(failure.phase()).isEqualTo(ConnectPhase.TLS))
        .havingRootCause()
        .isInstanceOfAny(
            CertificateException.class, java.security.cert.CertPathBuilderException.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"STALL", "TRICKLE", "CUT"})
  void handshakeThatStopsInTlsEndsInTime(Fault fault) throws Exception {
    try (FaultyProxy proxy = new FaultyProxy(server.port())) {
      for (Tls tls : List.of(new Tls.Required(), new Tls.VerifyCa(folder.resolve("server.pem")))) {
        proxy.spoil(fault, Point.LOGIN, 1);
        Time time = new SystemTime();
        long start = time.nanoTime();
        assertThatExceptionOfType(ConnectFailure.class)
            .isThrownBy(() -> connect(proxy.endpoint(), tls, Duration.ofSeconds(1)))
            .satisfies(failure -> assertThat(failure.phase()).isEqualTo(ConnectPhase.TLS));
        assertThat(time.since(start)).isLessThan(Duration.ofSeconds(5));
        connect(proxy.endpoint(), tls, Duration.ofSeconds(10)).connection().close();
      }
    }
  }

  private static void isDenied(Endpoint endpoint, Tls tls, String... said) {
    ConnectFailure failure =
        catchThrowableOfType(
            ConnectFailure.class, () -> connect(endpoint, tls, Duration.ofSeconds(10)));
    assertThat(FailureClassifier.ofConnect(failure))
        .isInstanceOf(SourceException.AccessDenied.class)
        .hasMessageContainingAll(said);
  }

  /** A mistake of the configuration: not the network's, and not to be tried again at once. */
  @Test
  void fileThatHasNoAuthorityIsNamed() throws Exception {
    Endpoint endpoint = new Endpoint("127.0.0.1", server.port());
    Path key = folder.resolve("key.pem");
    pem(key, "PRIVATE KEY", new byte[] {1, 2, 3});
    for (Path wrong :
        List.of(
            folder.resolve("absent.pem"),
            folder,
            Files.writeString(folder.resolve("empty.pem"), ""),
            Files.writeString(folder.resolve("text.pem"), "not a certificate\n"),
            key)) {
      isDenied(
          endpoint,
          new Tls.VerifyCa(wrong),
          "source.tls.ca_file " + wrong + " can't be read",
          "no connect was tried");
    }
  }

  @Test
  void serverThatTakesEncryptedConnectionsOnly() throws Exception {
    Endpoint endpoint = new Endpoint("127.0.0.1", server.port());
    set("ON");
    try {
      isDenied(endpoint, new Tls.Off(), "require_secure_transport");
    } finally {
      set("OFF");
    }
    connect("127.0.0.1", new Tls.Off()).connection().close();
  }

  private void set(String value) throws Exception {
    try (Connection connection = connect("127.0.0.1", new Tls.Required()).connection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET GLOBAL require_secure_transport=" + value);
    }
  }

  @Test
  void serverWithoutTls() throws Exception {
    boolean isMySql = TestFlavor.chosen() == TestFlavor.MYSQL;
    ServerOptions plain =
        ServerOptions.temporary(2).withConfiguration(isMySql ? "tls_version=''" : "skip_ssl");
    try (DatabaseServer other = TestFlavor.chosen().start(plain, new SystemTime())) {
      isDenied(
          new Endpoint("127.0.0.1", other.port()),
          new Tls.Required(),
          "source.tls asks for what the server does not offer");
    }
  }

  @Test
  void whatIsVerifiedIsTold() throws Exception {
    Connected verified = connect("127.0.0.1", new Tls.VerifyCa(folder.resolve("server.pem")));
    verified.connection().close();
    Connected taken = connect("127.0.0.1", new Tls.Required());
    taken.connection().close();

    assertThat(verified.certificates())
        .extracting(shown -> shown.getSubjectX500Principal().getName())
        .containsExactly("CN=server");
    assertThat(taken.certificates()).isEmpty();
  }

  @Test
  void requiredTakesAnyCertificate() throws Exception {
    isEncrypted(new Tls.Required());
  }

  @Test
  void verifyCaTakesTheOwnAuthorityOnly() throws Exception {
    isEncrypted(new Tls.VerifyCa(folder.resolve("server.pem")));
    isRefused("127.0.0.1", new Tls.VerifyCa(folder.resolve("other.pem")));
  }

  @Test
  void verifyCaDoesNotLookAtTheHost() throws Exception {
    connect("localhost", new Tls.VerifyCa(folder.resolve("server.pem"))).connection().close();
  }

  @Test
  void verifyIdentityTakesTheHostOfTheCertificateOnly() throws Exception {
    isEncrypted(new Tls.VerifyIdentity(folder.resolve("server.pem")));
    isRefused("localhost", new Tls.VerifyIdentity(folder.resolve("server.pem")));
  }
}

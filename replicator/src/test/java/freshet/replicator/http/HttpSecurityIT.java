package freshet.replicator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.config.Secret;
import freshet.replicator.files.Digest;
import freshet.replicator.remote.BearerToken;
import freshet.replicator.remote.FollowedToken;
import freshet.replicator.remote.RemoteAccess;
import freshet.replicator.remote.RemoteBody;
import freshet.replicator.remote.RemoteException;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemotePointer;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.tls.TestCertificate;
import freshet.replicator.tls.TlsContexts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server behind TLS and tokens, as slaves and people see it. */
class HttpSecurityIT {
  private static final List<Route> ROUTES =
      List.of(
          Route.get("/LATEST", r -> HttpAnswer.json(200, "{}".getBytes())),
          Route.get("/f", r -> HttpAnswer.text(200, "content")),
          Route.open("/healthz", r -> HttpAnswer.text(200, "alive")));

  @TempDir Path folder;
  private final ManualTime time = new ManualTime(Instant.parse("2026-03-01T12:00:00Z"));
  private HttpServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void aSlaveThatTrustsTheAuthorityPullsOverTls() throws Exception {
    TestCertificate own = TestCertificate.of(folder, "own");
    serve(TlsContexts.server(own.certificate(), own.key(), new SystemTime()), null);
    assertThat(server.uri().toString()).startsWith("https://127.0.0.1:");

    try (RemoteRepository remote = remote(TlsContexts.trusting(own.certificate()), null)) {
      assertThat(remote.latest(null, Duration.ZERO)).isInstanceOf(RemotePointer.Offered.class);
      assertThat(remote.small("f", 100)).asString().isEqualTo("content");
      try (RemoteBody body = remote.open("f", 0, Digest.ofText("content"))) {
        assertThat(body.stream().readAllBytes()).asString().isEqualTo("content");
      }
    }
  }

  @Test
  void aCertificateThatNobodyVouchesForOrOfAnotherHostIsRefused() throws Exception {
    TestCertificate own = TestCertificate.of(folder, "own");
    TestCertificate elsewhere =
        TestCertificate.of(folder, "elsewhere", "EC", "dns:elsewhere.example", "-1d");
    serve(TlsContexts.server(own.certificate(), own.key(), new SystemTime()), null);
    try (RemoteRepository stranger = remote(null, null)) {
      assertThatThrownBy(() -> stranger.small("f", 100))
          .isInstanceOf(RemoteException.Unreachable.class)
          .hasMessageContaining("no TLS with this server")
          .hasMessageContaining("remote.tls.authorities");
    }
    server.close();
    serve(TlsContexts.server(elsewhere.certificate(), elsewhere.key(), new SystemTime()), null);
    try (RemoteRepository misled = remote(TlsContexts.trusting(elsewhere.certificate()), null)) {
      assertThatThrownBy(() -> misled.small("f", 100)).hasMessageContaining("127.0.0.1");
    }
    // On the server's own host the very certificate is known, so its name does not matter.
    try (RemoteRepository local = remote(TlsContexts.trustingOnly(elsewhere.certificate()), null)) {
      assertThat(local.small("f", 100)).hasSize(7);
    }
  }

  @Test
  void aRenewedCertificateIsTakenUpWithoutARestart() throws Exception {
    TestCertificate own = TestCertificate.of(folder, "own");
    TestCertificate renewed = TestCertificate.of(folder, "renewed");
    TestCertificate damaged = TestCertificate.of(folder, "damaged");
    ManualTime clock = new ManualTime(new SystemTime().now());
    SSLContext trusted = TlsContexts.trusting(renewed.certificate());
    SSLContext trustedBefore = TlsContexts.trusting(own.certificate());
    serve(TlsContexts.server(own.certificate(), own.key(), clock), null);
    assertReaches(trustedBefore, true);

    own.replaceBy(renewed);
    clock.advance(Duration.ofSeconds(2));
    assertReaches(trusted, true);
    assertReaches(trustedBefore, false);

    // Half of a renewal: the key is not there yet, and what was good is shown on.
    Files.copy(damaged.certificate(), own.certificate(), StandardCopyOption.REPLACE_EXISTING);
    clock.advance(Duration.ofSeconds(2));
    assertReaches(trusted, true);
  }

  /** Nothing of the files changes any more that could be seen from outside. */
  @Test
  void aCertificateThatBecomesValidIsTakenUpThen() throws Exception {
    TestCertificate own = TestCertificate.of(folder, "own");
    TestCertificate early =
        TestCertificate.of(folder, "early", "EC", "ip:127.0.0.1,dns:localhost", "+1H");
    ManualTime clock = new ManualTime(new SystemTime().now());
    SSLContext knowsOwn = TlsContexts.trustingOnly(own.certificate());
    SSLContext knowsEarly = TlsContexts.trustingOnly(early.certificate());
    serve(TlsContexts.server(own.certificate(), own.key(), clock), null);

    own.replaceBy(early);
    clock.advance(Duration.ofSeconds(2));
    assertReaches(knowsOwn, true);
    assertReaches(knowsEarly, false);
    clock.advance(Duration.ofHours(2));
    assertReaches(knowsEarly, true);
    assertReaches(knowsOwn, false);
  }

  @Test
  void authoritiesThatCanBeReadAgainCountAgain() throws Exception {
    TestCertificate own = TestCertificate.of(folder, "own");
    TestCertificate renewed = TestCertificate.of(folder, "renewed");
    FileTime replacedAt = FileTime.from(new SystemTime().now().minusSeconds(5));
    Path authorities = folder.resolve("authorities.pem");
    Files.copy(own.certificate(), authorities);
    SSLContext trust = TlsContexts.trusting(authorities, time);
    serve(TlsContexts.server(renewed.certificate(), renewed.key(), new SystemTime()), null);
    assertReaches(trust, false);

    // As where it can't be read at first: by its stamp it is the same as when it can.
    Files.writeString(authorities, " ".repeat((int) Files.size(renewed.certificate())));
    Files.setLastModifiedTime(authorities, replacedAt);
    time.advance(Duration.ofSeconds(1));
    assertReaches(trust, false);
    Files.writeString(authorities, Files.readString(renewed.certificate()));
    Files.setLastModifiedTime(authorities, replacedAt);
    time.advance(Duration.ofSeconds(1));
    assertReaches(trust, true);
  }

  @Test
  void authoritiesThatAreReplacedCountForTheNextHandshakes() throws Exception {
    TestCertificate own = TestCertificate.of(folder, "own");
    TestCertificate renewed = TestCertificate.of(folder, "renewed");
    Path authorities = folder.resolve("authorities.pem");
    Files.copy(own.certificate(), authorities);
    SSLContext trust = TlsContexts.trusting(authorities, time);
    serve(TlsContexts.server(own.certificate(), own.key(), new SystemTime()), null);
    assertReaches(trust, true);

    Files.copy(renewed.certificate(), authorities, StandardCopyOption.REPLACE_EXISTING);
    time.advance(Duration.ofSeconds(1));
    server.close();
    serve(TlsContexts.server(own.certificate(), own.key(), new SystemTime()), null);
    assertReaches(trust, false);

    Files.writeString(authorities, "");
    time.advance(Duration.ofSeconds(1));
    server.close();
    serve(TlsContexts.server(renewed.certificate(), renewed.key(), new SystemTime()), null);
    assertReaches(trust, true);
  }

  @Test
  void aTokenFileThatIsReplacedIsShownWithoutARestart() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "old\n");
    RemoteAccess access =
        RemoteAccess.DEFAULT.withTokens(new FollowedToken(() -> Secret.ofFile(file).fetch(), time));
    serve(null, new TokenGuard(() -> "new", time));
    try (RemoteRepository remote =
        RemoteRepository.open(
            server.uri().toString(), RemoteOptions.defaults().with(access), new SystemTime())) {
      assertThatThrownBy(() -> remote.small("f", 10)).isInstanceOf(RemoteException.Denied.class);
      Files.writeString(file, "new\n");
      time.advance(Duration.ofSeconds(5));
      assertThat(remote.small("f", 10)).hasSize(7);
      Files.writeString(file, "");
      time.advance(Duration.ofSeconds(5));
      assertThat(remote.small("f", 10)).hasSize(7);
    }
  }

  @Test
  void aTokenIsAskedForExceptByLoadBalancers() throws Exception {
    serve(null, new TokenGuard(() -> "secret-1\nsecret-2\n", time));
    assertThat(status("f", "")).isEqualTo(401);
    assertThat(status("nothing-here", "")).isEqualTo(401);
    assertThat(status("f", "Basic secret-1")).isEqualTo(401);
    assertThat(status("f", "Bearer secret-")).isEqualTo(401);
    assertThat(status("f", "Bearer secret-1\u00e9")).isEqualTo(401);
    assertThat(status("f", "Bearer secret-1")).isEqualTo(200);
    assertThat(status("f", "bearer  secret-2")).isEqualTo(200);
    assertThat(status("healthz", "")).isEqualTo(200);
    assertThat(ask("f", "").body()).contains("show a token", "set remote.token_file");
    assertThat(ask("f", "Bearer guess").body())
        .contains("correct remote.token")
        .doesNotContain("guess", "secret-");
    assertThat(ask("f", "").headers().firstValue("WWW-Authenticate"))
        .hasValueSatisfying(value -> assertThat(value).startsWith("Bearer"));
  }

  @Test
  void aBrowserShowsATokenAsPasswordForReading() throws Exception {
    serve(null, new TokenGuard(() -> "secret-1", time));
    assertThat(status("f", basic("me:secret-1"))).isEqualTo(200);
    assertThat(status("f", basic("me:secret"))).isEqualTo(401);
    assertThat(status("f", basic("secret-1"))).isEqualTo(401);
    HttpRequest.Builder page = request("f", "").header("Accept", "text/html,*/*");
    assertThat(send(page).headers().firstValue("WWW-Authenticate"))
        .contains("Basic realm=\"freshet\", charset=\"UTF-8\"");
    HttpRequest.Builder change =
        request("f", basic("me:secret-1")).POST(HttpRequest.BodyPublishers.noBody());
    assertThat(send(change).statusCode()).isEqualTo(401);
  }

  @Test
  void aSlaveIsToldWhichTokenItLacks() throws Exception {
    serve(null, new TokenGuard(() -> "secret", time));
    try (RemoteRepository nobody = remote(null, null);
        RemoteRepository wrong = remote(null, "other");
        RemoteRepository known = remote(null, "secret")) {
      assertThatThrownBy(() -> nobody.small("f", 10))
          .isInstanceOf(RemoteException.Denied.class)
          .hasMessageContaining("none is configured here: set remote.token_file");
      assertThatThrownBy(() -> wrong.small("f", 10))
          .isInstanceOf(RemoteException.Denied.class)
          .hasMessageContaining("correct remote.token")
          .hasMessageNotContaining("other");
      assertThat(known.small("f", 10)).hasSize(7);
    }
  }

  @Test
  void newTokensAreTakenUpAndThoseOfBeforeOutliveAFailure() throws Exception {
    AtomicReference<String> tokens = new AtomicReference<>("old");
    serve(
        null,
        new TokenGuard(
            () -> {
              if (tokens.get().isEmpty()) {
                throw new IOException("the vault is away");
              }
              return tokens.get();
            },
            time));
    tokens.set("");
    time.advance(Duration.ofSeconds(6));
    assertThat(status("f", "Bearer old")).isEqualTo(200);
    tokens.set("new");
    time.advance(Duration.ofSeconds(6));
    assertThat(status("f", "Bearer new")).isEqualTo(200);
    assertThat(status("f", "Bearer old")).isEqualTo(401);
  }

  private void serve(SSLContext tls, TokenGuard tokens) throws IOException {
    server =
        HttpServer.start(
            HttpOptions.at("127.0.0.1", 0),
            new HttpSecurity(tls, tokens),
            ROUTES,
            new SystemTime(),
            "test");
  }

  private RemoteRepository remote(SSLContext trust, String token) {
    RemoteAccess access = RemoteAccess.DEFAULT.trusting(trust);
    if (token != null) {
      access = access.withToken(new BearerToken(token));
    }
    return RemoteRepository.open(
        server.uri().toString(), RemoteOptions.defaults().with(access), new SystemTime());
  }

  private void assertReaches(SSLContext trust, boolean reaches) {
    try (RemoteRepository remote = remote(trust, null)) {
      if (reaches) {
        assertThat(remote.small("f", 100)).hasSize(7);
      } else {
        assertThatThrownBy(() -> remote.small("f", 100))
            .isInstanceOf(RemoteException.Unreachable.class);
      }
    } catch (RemoteException e) {
      throw new AssertionError(e);
    }
  }

  private int status(String path, String authorization) throws Exception {
    return ask(path, authorization).statusCode();
  }

  private HttpResponse<String> ask(String path, String authorization) throws Exception {
    return send(request(path, authorization));
  }

  private HttpRequest.Builder request(String path, String authorization) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.uri() + path));
    return authorization.isEmpty() ? request : request.header("Authorization", authorization);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static String basic(String nameAndPassword) {
    byte[] bytes = nameAndPassword.getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }
}

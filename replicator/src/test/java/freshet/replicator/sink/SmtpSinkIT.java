package freshet.replicator.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import freshet.replicator.config.Secret;
import freshet.replicator.incident.Notice;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.sink.SmtpSink.Tls;
import freshet.replicator.tls.TestCertificate;
import freshet.replicator.tls.TlsContexts;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

class SmtpSinkIT {
  @TempDir private Path folder;

  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private @Nullable SMTPServer server;

  private record Received(String from, byte[] data) {}

  /**
   * Its threads are interrupted at its end, in the middle of a log line that closes Surefire's
   * pipe.
   */
  @BeforeAll
  static void silenceTheServer() {
    ((Logger) LoggerFactory.getLogger("org.subethamail")).setLevel(Level.OFF);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop();
    }
  }

  @Test
  void aMailArrivesWithEverythingThatHelps() throws Exception {
    start(builder -> builder);

    sink(Tls.OFF, null, null).send(Notices.message(Notice.Event.FIRING));

    Received first = received.poll(60, TimeUnit.SECONDS);
    assertThat(first.from()).isEqualTo("freshet@example.org");
    MimeMessage mail = parsed(first);
    assertThat(mail.getSubject()).isEqualTo("CRITICAL: master poll-fails (HandshakeTimedOut)");
    assertThat(mail.getContent().toString())
        .contains(
            "no greeting from replica-1 within 3 s",
            "Affected: bonn, köln",
            "Next: bin/indexer doctor",
            "docs/troubleshooting.md, \"HandshakeTimedOut\"");
    assertThat(mail.getAllRecipients())
        .extracting(Object::toString)
        .containsExactly("oncall@example.org", "boss@example.org");
  }

  @Test
  void remindersAndEndsAnswerTheBegin() throws Exception {
    start(builder -> builder);
    SmtpSink sink = sink(Tls.OFF, null, null);

    sink.send(Notices.message(Notice.Event.FIRING));
    sink.send(Notices.message(Notice.Event.FIRING));
    sink.send(Notices.message(Notice.Event.RESOLVED));

    MimeMessage begin = parsed(received.poll(60, TimeUnit.SECONDS));
    MimeMessage again = parsed(received.poll(60, TimeUnit.SECONDS));
    MimeMessage end = parsed(received.poll(60, TimeUnit.SECONDS));
    assertThat(again.getMessageID()).isEqualTo(begin.getMessageID());
    assertThat(end.getMessageID()).isNotEqualTo(begin.getMessageID());
    assertThat(end.getHeader("In-Reply-To")).containsExactly(begin.getMessageID());
  }

  @Test
  void startTlsAndAnAccountAreUsed() throws Exception {
    TestCertificate certificate = TestCertificate.of(folder, "mail");
    SSLContext context =
        TlsContexts.server(certificate.certificate(), certificate.key(), new SystemTime());
    start(
        builder ->
            builder
                .enableTLS()
                .startTlsSocketFactory(context)
                .requireTLS()
                .requireAuth()
                .authenticationHandlerFactory(
                    new EasyAuthenticationHandlerFactory(
                        (user, password, unused) -> {
                          if (!"user:s3cret".equals(user + ":" + password)) {
                            throw new LoginFailedException();
                          }
                        })));
    SmtpSink.Account right = new SmtpSink.Account("user", Secret.literal("s3cret"));
    SmtpSink.Account wrong = new SmtpSink.Account("user", Secret.literal("other"));

    sink(Tls.STARTTLS, certificate.certificate(), right).send(Notices.message(Notice.Event.TEST));
    SinkException denied = failure(sink(Tls.STARTTLS, certificate.certificate(), wrong));
    SinkException untrusted = failure(sink(Tls.STARTTLS, null, right));

    assertThat(parsed(received.poll(60, TimeUnit.SECONDS)).getSubject())
        .isEqualTo("TEST: master tries its alerts");
    assertThat(denied).hasMessageContaining("AuthenticationFailedException");
    assertThat(untrusted).hasMessageContaining("TLS");
  }

  @Test
  void aServerWithoutStartTlsIsRefusedWhereItIsWanted() throws Exception {
    start(builder -> builder);

    assertThat(failure(sink(Tls.STARTTLS, null, null))).hasMessageContaining("STARTTLS");
    assertThat(received).isEmpty();
  }

  @Test
  void aServerThatSaysNothingIsGivenUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      SmtpSink sink =
          new SmtpSink(
              settings(silent.getLocalPort(), Tls.OFF, null, null, Duration.ofMillis(300)));

      assertThat(failure(sink)).hasMessageContaining("mail to oncall@example.org");
    }
  }

  @Test
  void aServerThatIsGoneIsAFailure() throws Exception {
    start(builder -> builder);
    SmtpSink sink = sink(Tls.OFF, null, null);
    server.stop();

    assertThat(failure(sink)).hasMessageContaining("connect");
  }

  private static SinkException failure(SmtpSink sink) {
    return catchThrowableOfType(
        SinkException.class, () -> sink.send(Notices.message(Notice.Event.FIRING)));
  }

  private void start(UnaryOperator<SMTPServer.Builder> more) {
    SMTPServer.Builder builder =
        SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .messageHandler((unused, from, to, data) -> received.add(new Received(from, data)));
    server = more.apply(builder).build();
    server.start();
  }

  private SmtpSink sink(Tls tls, @Nullable Path authorities, SmtpSink.@Nullable Account account) {
    return new SmtpSink(
        settings(server.getPortAllocated(), tls, authorities, account, Duration.ofSeconds(60)));
  }

  private static SmtpSink.Settings settings(
      int port,
      Tls tls,
      @Nullable Path authorities,
      SmtpSink.@Nullable Account account,
      Duration timeout) {
    return new SmtpSink.Settings(
        "127.0.0.1",
        port,
        tls,
        authorities,
        account,
        "freshet@example.org",
        List.of("oncall@example.org", "boss@example.org"),
        timeout);
  }

  private static MimeMessage parsed(Received one) throws Exception {
    return new MimeMessage(
        Session.getInstance(new Properties()), new ByteArrayInputStream(one.data()));
  }
}

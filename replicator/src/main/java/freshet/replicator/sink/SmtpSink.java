package freshet.replicator.sink;

import freshet.replicator.config.Secret;
import freshet.replicator.runtime.Workers;
import freshet.replicator.tls.PemException;
import freshet.replicator.tls.TlsContexts;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each message by e-mail. The library's time-outs are each for one read or write, so that a
 * server which trickles could hold a mail for hours: the attempt as a whole is bounded by closing
 * its socket.
 */
public final class SmtpSink implements Sink {
  private static final Logger LOG = LoggerFactory.getLogger(SmtpSink.class);

  private final Settings settings;

  /** How the connection is protected. */
  public enum Tls {
    /** Not at all. */
    OFF,
    /** It begins in plain text; a server that can't do better is refused. */
    STARTTLS,
    /** From the first byte. */
    IMPLICIT
  }

  /**
   * Who may send.
   *
   * @param user of the server
   * @param password of that user
   */
  public record Account(String user, Secret password) {}

  /**
   * What is configured.
   *
   * @param host of the server
   * @param port of the server
   * @param tls protection
   * @param authorities PEM file of whom to trust; null for those that the JDK knows
   * @param account null for none
   * @param from the sender
   * @param to all recipients
   * @param timeout of one attempt
   */
  public record Settings(
      String host,
      int port,
      Tls tls,
      @Nullable Path authorities,
      @Nullable Account account,
      String from,
      List<String> to,
      Duration timeout) {
    /** Copies the list. */
    public Settings {
      to = List.copyOf(to);
    }
  }

  /** By this server. */
  public SmtpSink(Settings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "smtp";
  }

  @Override
  public String target() {
    return "%s by %s:%d"
        .formatted(String.join(", ", settings.to()), settings.host(), settings.port());
  }

  @Override
  public void send(Message message) throws SinkException, InterruptedException {
    try (MailSockets sockets = sockets()) {
      Session session = Session.getInstance(properties(sockets));
      CompletableFuture<Boolean> done = new CompletableFuture<>();
      Workers.thread("alert-smtp", () -> transmit(message, session, done)).start();
      done.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw SinkException.failed(
          "mail to %s: not accepted within %d ms"
              .formatted(target(), settings.timeout().toMillis()),
          e);
    } catch (ExecutionException e) {
      throw SinkException.failed("mail to %s: %s".formatted(target(), e.getCause()), e.getCause());
    } catch (PemException e) {
      throw SinkException.failed("alerts.smtp.tls.authorities: " + e.getMessage(), e);
    }
  }

  private MailSockets sockets() throws PemException {
    Path authorities = settings.authorities();
    SSLSocketFactory tls =
        authorities == null
            ? (SSLSocketFactory) SSLSocketFactory.getDefault()
            : TlsContexts.trusting(authorities).getSocketFactory();
    return new MailSockets(tls, settings.tls() == Tls.IMPLICIT);
  }

  private Properties properties(MailSockets sockets) {
    String millis = Long.toString(settings.timeout().toMillis());
    Properties properties = new Properties();
    properties.put("mail.smtp.host", settings.host());
    properties.put("mail.smtp.port", Integer.toString(settings.port()));
    properties.put("mail.smtp.connectiontimeout", millis);
    properties.put("mail.smtp.timeout", millis);
    properties.put("mail.smtp.auth", Boolean.toString(settings.account() != null));
    properties.put("mail.smtp.starttls.enable", Boolean.toString(settings.tls() == Tls.STARTTLS));
    properties.put("mail.smtp.starttls.required", Boolean.toString(settings.tls() == Tls.STARTTLS));
    properties.put("mail.smtp.ssl.enable", Boolean.toString(settings.tls() == Tls.IMPLICIT));
    properties.put("mail.smtp.ssl.checkserveridentity", "true");
    // One wrong address must not keep the others from hearing of it.
    properties.put("mail.smtp.sendpartial", "true");
    properties.put("mail.smtp.socketFactory", sockets);
    properties.put("mail.smtp.ssl.socketFactory", sockets);
    return properties;
  }

  private void transmit(Message message, Session session, CompletableFuture<Boolean> done) {
    try (Transport transport = session.getTransport("smtp")) {
      Mail mail = new Mail(session, message, settings.from(), settings.to());
      Account account = settings.account();
      if (account == null) {
        transport.connect();
      } else {
        transport.connect(account.user(), account.password().fetch());
      }
      transport.sendMessage(mail, mail.getAllRecipients());
      done.complete(true);
    } catch (SendFailedException e) {
      if (e.getValidSentAddresses() != null && e.getValidSentAddresses().length > 0) {
        LOG.warn("mail to {} did not reach everybody: {}", target(), e.getMessage());
        done.complete(true);
      } else {
        done.completeExceptionally(e);
      }
    } catch (MessagingException | IOException | RuntimeException e) {
      done.completeExceptionally(e);
    }
  }
}

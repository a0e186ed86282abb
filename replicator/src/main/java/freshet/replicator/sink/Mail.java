package freshet.replicator.sink;

import freshet.replicator.incident.Incident;
import freshet.replicator.incident.Notice;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;

/**
 * A message as a mail in plain text. Its Message-ID follows from the message, so that one that is
 * sent twice is recognised; reminder and end answer the begin, so that they form one thread.
 */
final class Mail extends MimeMessage {
  private final String id;

  Mail(Session session, Message message, String from, List<String> to) throws MessagingException {
    super(session);
    Notice notice = message.notice();
    Incident incident = notice.incident();
    String begin = messageId(incident.id());
    boolean isBegin = notice.event() == Notice.Event.FIRING;
    this.id = isBegin ? begin : messageId(Payload.of(message).id());
    setFrom(new InternetAddress(from, true));
    for (String recipient : to) {
      addRecipient(RecipientType.TO, new InternetAddress(recipient, true));
    }
    setSubject(notice.title(), StandardCharsets.UTF_8.name());
    setHeader(
        "Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(notice.at().atOffset(ZoneOffset.UTC)));
    setHeader("Auto-Submitted", "auto-generated");
    if (!isBegin) {
      setHeader("In-Reply-To", begin);
      setHeader("References", begin);
    }
    setText(body(message), StandardCharsets.UTF_8.name());
    saveChanges();
  }

  @Override
  protected void updateMessageID() throws MessagingException {
    setHeader("Message-ID", id);
  }

  private static String messageId(String of) {
    UUID stable = UUID.nameUUIDFromBytes(of.getBytes(StandardCharsets.UTF_8));
    return "<%s@freshet.invalid>".formatted(stable);
  }

  private static String body(Message message) {
    Incident incident = message.notice().incident();
    StringBuilder body = new StringBuilder(message.text()).append("\n\n");
    line(body, "Stage", incident.stage());
    line(body, "Failure", incident.failure());
    line(body, "Since", incident.since());
    if (!incident.affected().isEmpty()) {
      line(body, "Affected", String.join(", ", incident.affected()));
    }
    line(body, "Next", incident.nextCommand());
    line(body, "Read", "docs/troubleshooting.md, \"" + incident.heading() + "\"");
    return body.toString();
  }

  private static void line(StringBuilder body, String name, Object value) {
    body.append(name).append(": ").append(value).append('\n');
  }
}

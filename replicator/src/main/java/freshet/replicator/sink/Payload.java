package freshet.replicator.sink;

import freshet.replicator.incident.Incident;
import freshet.replicator.incident.Notice;
import java.time.Instant;

/**
 * What webhooks and commands get, as JSON.
 *
 * @param format version of this form
 * @param id the same whenever this message is sent again
 * @param event firing, still_firing, resolved or test
 * @param at when that was decided
 * @param title a few words
 * @param text everything in one line
 * @param dropped how many messages before this one never arrived
 * @param incident that it is about
 */
record Payload(
    int format,
    String id,
    String event,
    Instant at,
    String title,
    String text,
    long dropped,
    Incident incident) {
  private static final int FORMAT = 1;

  static Payload of(Message message) {
    Notice notice = message.notice();
    return new Payload(
        FORMAT,
        "%s/%s/%s".formatted(notice.incident().id(), notice.eventName(), notice.at()),
        notice.eventName(),
        notice.at(),
        notice.title(),
        message.text(),
        message.dropped(),
        notice.incident());
  }
}

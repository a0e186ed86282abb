package freshet.replicator.alert;

import freshet.replicator.incident.Incident;
import freshet.replicator.incident.Notice;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An incident that people were told of.
 *
 * @param incident as it was when it was told last
 * @param toldFirst when its begin was told
 * @param toldLast when it was told last
 * @param times messages about it, its end included
 * @param until when it was over; null while it is not
 */
public record ToldIncident(
    Incident incident, Instant toldFirst, Instant toldLast, int times, @Nullable Instant until) {

  static ToldIncident of(Notice notice) {
    return new ToldIncident(notice.incident(), notice.at(), notice.at(), 1, end(notice));
  }

  /** With one more message. */
  ToldIncident after(Notice notice) {
    return new ToldIncident(notice.incident(), toldFirst, notice.at(), times + 1, end(notice));
  }

  /** Over, nobody knows when: no later than it was told last, as far as anybody can say. */
  ToldIncident forgotten() {
    return until == null ? new ToldIncident(incident, toldFirst, toldLast, times, toldLast) : this;
  }

  private static @Nullable Instant end(Notice notice) {
    return notice.event() == Notice.Event.RESOLVED ? notice.at() : null;
  }
}

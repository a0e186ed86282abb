package freshet.replicator.incident;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Locale;

/**
 * What somebody is told.
 *
 * @param event begin, reminder, end, or a test
 * @param at when that was decided
 * @param incident that it is about
 */
public record Notice(Event event, Instant at, Incident incident) {

  /** Why it is told. */
  public enum Event {
    /** It has begun. */
    FIRING,
    /** It lasts. */
    STILL_FIRING,
    /** It is over. */
    RESOLVED,
    /** Somebody tries whether messages arrive. */
    TEST
  }

  /** Whether it must not get lost while others can. */
  @JsonIgnore
  public boolean isCritical() {
    return event != Event.RESOLVED && incident.severity() == Severity.CRITICAL;
  }

  /** A few words, for the subject of a mail. */
  public String title() {
    return switch (event) {
      case FIRING, STILL_FIRING ->
          "%s: %s %s (%s)"
              .formatted(
                  incident.severity(), incident.where(), incident.cause(), incident.failure());
      case RESOLVED -> "RESOLVED: %s %s".formatted(incident.where(), incident.cause());
      case TEST -> "TEST: %s tries its alerts".formatted(incident.where());
    };
  }

  /** Everything in one line. */
  public String text() {
    return switch (event) {
      case FIRING -> incident.text(at);
      case STILL_FIRING -> "still: " + incident.text(at);
      case RESOLVED ->
          "%s: over at %s: %s, since %s"
              .formatted(
                  incident.where(), at, Incident.inOneLine(incident.what()), incident.since());
      case TEST -> incident.text(at) + "; this is a test, nothing is wrong";
    };
  }

  /** The event in lower case, as JSON has it. */
  public String eventName() {
    return event.name().toLowerCase(Locale.ROOT);
  }
}

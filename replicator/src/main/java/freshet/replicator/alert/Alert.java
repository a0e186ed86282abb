package freshet.replicator.alert;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What on-call is told.
 *
 * @param kind of fault
 * @param event begin, reminder or end
 * @param where which node
 * @param what is wrong, or was, with numbers
 * @param waitsFor what the node waits for
 * @param since when it began, by the node's wall clock
 * @param lastGood the generation that goes on being served; null if none
 */
public record Alert(
    AlertKind kind,
    Event event,
    String where,
    String what,
    String waitsFor,
    Instant since,
    @Nullable String lastGood) {

  /** Why it is sent. */
  public enum Event {
    /** It has begun. */
    FIRING,
    /** It lasts. */
    STILL_FIRING,
    /** It is over. */
    RESOLVED
  }

  /** Everything in one line. */
  public String text() {
    return switch (event) {
      case FIRING, STILL_FIRING ->
          "%s: %s since %s; it %s; serving %s; next: %s; see docs/troubleshooting.md, \"%s\""
              .formatted(
                  where,
                  what,
                  since,
                  waitsFor,
                  lastGood == null ? "nothing" : lastGood,
                  kind.nextCommand(),
                  kind.docsHeading());
      case RESOLVED -> "%s: over: %s, since %s".formatted(where, what, since);
    };
  }
}

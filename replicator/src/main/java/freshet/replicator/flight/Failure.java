package freshet.replicator.flight;

import freshet.replicator.incident.Stage;
import java.time.Instant;

/**
 * Something that was attempted and failed.
 *
 * @param at by this host's clock; of several the last one
 * @param times how often within that minute, from 1
 * @param stage on the way of the data
 * @param attempt what it was, in a word, such as {@code connect} or {@code pull}
 * @param failure its class, such as {@code HandshakeTimedOut}
 * @param where with whom: an endpoint, a URL, cities; empty if that is no question
 * @param text for people, shortened to 300 characters in one line
 */
public record Failure(
    Instant at, int times, Stage stage, String attempt, String failure, String where, String text) {
  private static final int LONGEST = 300;
  private static final String INCIDENT = "incident";

  /** Shortens the texts, and refuses a count that is none. */
  public Failure {
    if (times < 1) {
      throw new IllegalArgumentException("a failure happened at least once, found " + times);
    }
    where = inOneLine(where);
    text = inOneLine(text);
  }

  /** A single one. */
  public static Failure of(
      Instant at, Stage stage, String attempt, String failure, String where, String text) {
    return new Failure(at, 1, stage, attempt, failure, where, text);
  }

  /** That an incident is told, which is no failure of its own. */
  static Failure ofIncident(Instant at, Stage stage, String failure, String cause, String text) {
    return of(at, stage, INCIDENT, failure, cause, text);
  }

  /** What it has in common with others that one recording serves for. */
  Kind kind() {
    return new Kind(stage, failure);
  }

  /** Whether something was attempted, rather than told. Named so that JSON has no such key. */
  public boolean wasAttempted() {
    return !attempt.equals(INCIDENT);
  }

  /** The same, so often. */
  Failure times(int count) {
    return new Failure(at, count, stage, attempt, failure, where, text);
  }

  /**
   * Failures that look alike from the host's side.
   *
   * @param stage of them
   * @param failure class of them
   */
  record Kind(Stage stage, String failure) {}

  private static String inOneLine(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }
}

package freshet.indexer.session;

import java.time.Duration;

/**
 * How long each part of a poll may take. None is zero, none is without end: a server that hangs
 * must not hang the poll.
 *
 * @param connect to look up a name, and again for TCP to connect
 * @param handshake from TCP until the session is set up
 * @param firstRow from a query to its first row
 * @param rowGap between two reads from the server within a result
 * @param poll of the whole poll; when three quarters are used it ends at the next page
 */
public record Timeouts(
    Duration connect, Duration handshake, Duration firstRow, Duration rowGap, Duration poll) {
  private static final Duration LONGEST = Duration.ofDays(1);

  /** For a database in the same data centre. */
  public static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(3),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(15),
          Duration.ofMinutes(5));

  /** Refuses what is not positive and finite. */
  public Timeouts {
    check("connect", connect);
    check("handshake", handshake);
    check("first row", firstRow);
    check("row gap", rowGap);
    check("poll", poll);
  }

  private static void check(String name, Duration duration) {
    if (duration.toMillis() < 1 || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "the %s time-out is %s: expected 1 ms to %s, since a server that hangs would hang the poll"
              .formatted(name, duration, LONGEST));
    }
  }
}

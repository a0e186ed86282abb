package freshet.replicator.pause;

import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * That something stands still, by whose word, until when, and why: the content of its file.
 *
 * @param format version of the file's form
 * @param city whose changes wait; null if everything stands still
 * @param by who asked: account and host
 * @param at when, by that one's clock
 * @param until when it ends by itself, by the clock of whoever goes by it
 * @param reason why; null if that was not said
 */
public record Pause(
    int format,
    @Nullable City city,
    String by,
    Instant at,
    Instant until,
    @Nullable String reason) {
  /** A longer one has to be asked for again, by somebody who still knows of it. */
  public static final Duration LONGEST = Duration.ofDays(1);

  static final int FORMAT = 1;

  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /** Refuses what ends too late, or before it begins. */
  public Pause {
    Duration length = Duration.between(at, until);
    if (problemWith(length).isPresent()) {
      throw new IllegalArgumentException(
          "a pause from %s until %s: %s is expected".formatted(at, until, expected()));
    }
  }

  /** From now on, for that long. */
  public static Pause of(
      @Nullable City city, String by, Instant now, Duration length, @Nullable String reason) {
    return new Pause(FORMAT, city, by, now, now.plus(length), reason);
  }

  /** Why no pause can last so long, if so. */
  public static Optional<String> problemWith(Duration length) {
    return length.compareTo(SHORTEST) < 0 || length.compareTo(LONGEST) > 0
        ? Optional.of(expected() + " is expected, such as 10m")
        : Optional.empty();
  }

  /** Whether it has not ended by itself yet. */
  public boolean holds(Instant now) {
    return now.isBefore(until);
  }

  /** Such as {@code paused by ann@ops-1 until 2026-03-01T12:10:00Z: new disk}. */
  public String sentence() {
    return "paused by %s until %s: %s"
        .formatted(by, until, reason == null ? "no reason was given" : reason);
  }

  private static String expected() {
    return "1s to 24h";
  }
}

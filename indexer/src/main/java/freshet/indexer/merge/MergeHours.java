package freshet.indexer.merge;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The hours of each day in which big merges may run.
 *
 * @param from when they begin
 * @param until when they end; before {@code from} if they pass midnight, equal to it if they never
 *     end
 * @param zone whose clock on the wall is meant
 */
public record MergeHours(LocalTime from, LocalTime until, ZoneId zone) {
  /** The whole day. */
  public static final MergeHours ALWAYS =
      new MergeHours(LocalTime.MIDNIGHT, LocalTime.MIDNIGHT, ZoneOffset.UTC);

  private static final String ALWAYS_TEXT = "always";
  private static final Pattern FORM =
      Pattern.compile("([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2}) (\\S+)");

  /**
   * Reads {@code always}, or hours and their zone, such as {@code 22:30-05:00 Europe/Berlin}.
   *
   * @throws IllegalArgumentException saying what is expected
   */
  public static MergeHours parse(String text) {
    if (text.equals(ALWAYS_TEXT)) {
      return ALWAYS;
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "hours are expected with their zone, such as 01:00-05:00 Europe/Berlin, or always");
    }
    try {
      return new MergeHours(
          LocalTime.parse(matcher.group(1)),
          LocalTime.parse(matcher.group(2)),
          ZoneId.of(matcher.group(3)));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "hours go from 00:00 to 23:59 in a zone such as UTC or Europe/Berlin: " + e.getMessage(),
          e);
    }
  }

  /** Whether a big merge may run at this moment. */
  public boolean areOpen(Instant at) {
    LocalTime there = LocalTime.ofInstant(at, zone);
    if (from.isBefore(until)) {
      return !there.isBefore(from) && there.isBefore(until);
    }
    return !there.isBefore(from) || there.isBefore(until);
  }

  /** When one may begin next: this moment, if the hours are open. */
  public Instant openNext(Instant at) {
    if (areOpen(at)) {
      return at;
    }
    ZonedDateTime day = at.atZone(zone);
    Instant today = day.toLocalDate().atTime(from).atZone(zone).toInstant();
    return today.isAfter(at)
        ? today
        : day.toLocalDate().plusDays(1).atTime(from).atZone(zone).toInstant();
  }

  @Override
  public String toString() {
    return equals(ALWAYS) ? ALWAYS_TEXT : "%s-%s %s".formatted(from, until, zone);
  }
}

package freshet.replicator.flight;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds failures that follow a clock. They stand out if three of five, and six, fall into a short
 * stretch of some period, in at least three periods, and in at least half of the periods that have
 * any. Without the last two, one outage would look like a habit. Of 20 failures at random, twelve
 * fall into some five minutes of the hour less often than once in a hundred thousand times.
 */
final class ClockPattern {
  private static final int LEAST = 6;
  private static final int LEAST_PERIODS = 3;
  private static final int HOUR = 60;
  private static final int DAY = 24;

  /** An hour first: what comes every hour comes every day, too. */
  private static final List<Period> PERIODS =
      List.of(
          new Period(HOUR, 5),
          new Period(30, 3),
          new Period(20, 2),
          new Period(15, 2),
          new Period(10, 1));

  private static final Period DAILY = new Period(DAY, 2);

  /**
   * A period.
   *
   * @param length in minutes, or in hours of the day
   * @param longest stretch of it that would stand out
   */
  private record Period(int length, int longest) {}

  /**
   * A failure as one period sees it.
   *
   * @param phase how far into it
   * @param number of the period, since ever
   * @param times how often
   */
  private record Point(int phase, long number, int times) {}

  /** A stretch of a period, and how many failures fall into it. */
  private record Stretch(int from, int length, int count) {}

  private ClockPattern() {}

  /**
   * In words, what stands out; at most one sentence of minutes, and one of hours for each clock.
   */
  static List<String> find(List<Failure> failures, ZoneId zone) {
    int all = failures.stream().mapToInt(Failure::times).sum();
    List<String> found = new ArrayList<>();
    PERIODS.stream()
        .flatMap(period -> minutes(failures, period, all).stream())
        .findFirst()
        .ifPresent(found::add);
    Stretch utc = standsOut(days(failures, ZoneOffset.UTC), DAILY);
    Stretch local = standsOut(days(failures, zone), DAILY);
    if (utc != null) {
      found.add(hours(utc, all, "UTC"));
    }
    if (local != null && !local.equals(utc)) {
      found.add(hours(local, all, zone.getId()));
    }
    return found;
  }

  private static Optional<String> minutes(List<Failure> failures, Period period, int all) {
    List<Point> points =
        failures.stream()
            .map(
                each -> {
                  long minute = minute(each.at());
                  return new Point(
                      Math.floorMod(minute, period.length()),
                      Math.floorDiv(minute, period.length()),
                      each.times());
                })
            .toList();
    Stretch stretch = standsOut(points, period);
    if (stretch == null) {
      return Optional.empty();
    }
    String ranges =
        IntStream.iterate(0, at -> at < HOUR, at -> at + period.length())
            .mapToObj(at -> range((stretch.from() + at) % HOUR, stretch.length(), HOUR))
            .collect(Collectors.joining(", "));
    return Optional.of(
        "%,d of %,d in minutes %s of the hour: look for what cron runs then"
            .formatted(stretch.count(), all, ranges));
  }

  private static String hours(Stretch stretch, int all, String clock) {
    return "%,d of %,d in hours %s of the day (%s): look for what runs then"
        .formatted(stretch.count(), all, range(stretch.from(), stretch.length(), DAY), clock);
  }

  private static String range(int from, int length, int period) {
    return length == 1
        ? Integer.toString(from)
        : "%d-%d".formatted(from, (from + length - 1) % period);
  }

  /** The shortest stretch that most of them fall into; null if none stands out. */
  private static @Nullable Stretch standsOut(List<Point> points, Period period) {
    int all = points.stream().mapToInt(Point::times).sum();
    int[] counts = new int[period.length()];
    points.forEach(point -> counts[point.phase()] += point.times());
    Stretch best = null;
    for (int length = 1; length <= period.longest(); length++) {
      for (int from = 0; from < period.length(); from++) {
        int count = 0;
        for (int i = 0; i < length; i++) {
          count += counts[(from + i) % period.length()];
        }
        boolean isBetter = best == null || count > best.count();
        if (isBetter && isMost(count, all) && recurs(points, from, length, period)) {
          best = new Stretch(from, length, count);
        }
      }
    }
    return best;
  }

  private static boolean isMost(int count, int all) {
    return count >= LEAST && 5 * count >= 3 * all;
  }

  private static boolean recurs(List<Point> points, int from, int length, Period period) {
    Set<Long> periods = new HashSet<>();
    Set<Long> hit = new HashSet<>();
    for (Point point : points) {
      boolean isIn = Math.floorMod(point.phase() - from, period.length()) < length;
      // A stretch across the end of a period belongs to the period in which it begins.
      long number = isIn && point.phase() < from ? point.number() - 1 : point.number();
      periods.add(number);
      if (isIn) {
        hit.add(number);
      }
    }
    return hit.size() >= LEAST_PERIODS && 2 * hit.size() >= periods.size();
  }

  private static List<Point> days(List<Failure> failures, ZoneId zone) {
    return failures.stream()
        .map(
            each ->
                new Point(
                    each.at().atZone(zone).getHour(),
                    each.at().atZone(zone).toLocalDate().toEpochDay(),
                    each.times()))
        .toList();
  }

  private static long minute(Instant at) {
    return at.truncatedTo(ChronoUnit.MINUTES).getEpochSecond() / HOUR;
  }
}

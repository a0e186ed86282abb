package freshet.replicator.flight;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * At which hours of the day and minutes of the hour things fail: what fails by a clock has a cause
 * that runs by one. Pure.
 *
 * @param zone of the local time
 * @param first of all failures; null if there is none
 * @param last of them
 * @param groups by what was attempted and how it failed, the most frequent first; the first group
 *     has all of them, if there are several
 */
public record FailureTimes(
    String zone, @Nullable Instant first, @Nullable Instant last, List<Group> groups) {
  private static final int HOURS = 24;
  private static final int MINUTES = 60;

  /** Copies the list. */
  public FailureTimes {
    groups = List.copyOf(groups);
  }

  /**
   * Failures of one class.
   *
   * @param name what was attempted and how it failed, such as {@code connect HandshakeTimedOut}
   * @param failures how many
   * @param hoursUtc how many in each hour of the day
   * @param hoursLocal the same by the local clock
   * @param minutesUtc how many in each minute of the hour
   * @param minutesLocal the same by the local clock, which differs where an offset has half hours
   * @param patterns what stands out, in words
   */
  public record Group(
      String name,
      int failures,
      List<Integer> hoursUtc,
      List<Integer> hoursLocal,
      List<Integer> minutesUtc,
      List<Integer> minutesLocal,
      List<String> patterns) {
    /** Copies the lists. */
    public Group {
      hoursUtc = List.copyOf(hoursUtc);
      hoursLocal = List.copyOf(hoursLocal);
      minutesUtc = List.copyOf(minutesUtc);
      minutesLocal = List.copyOf(minutesLocal);
      patterns = List.copyOf(patterns);
    }
  }

  /** Counts attempts that failed; incidents that were told are none. */
  public static FailureTimes of(List<Failure> log, ZoneId zone) {
    List<Failure> failures = log.stream().filter(Failure::wasAttempted).toList();
    Map<String, List<Failure>> byName = new TreeMap<>();
    for (Failure failure : failures) {
      String name = failure.attempt() + " " + failure.failure();
      byName.computeIfAbsent(name, unused -> new ArrayList<>()).add(failure);
    }
    List<Group> groups = new ArrayList<>();
    byName.forEach((name, those) -> groups.add(group(name, those, zone)));
    groups.sort((a, b) -> b.failures() - a.failures());
    if (groups.size() > 1) {
      groups.addFirst(group("all failures", failures, zone));
    }
    return new FailureTimes(
        zone.getId(),
        failures.stream().map(Failure::at).min(Instant::compareTo).orElse(null),
        failures.stream().map(Failure::at).max(Instant::compareTo).orElse(null),
        groups);
  }

  private static Group group(String name, List<Failure> failures, ZoneId zone) {
    return new Group(
        name,
        failures.stream().mapToInt(Failure::times).sum(),
        hours(failures, ZoneOffset.UTC),
        hours(failures, zone),
        minutes(failures, ZoneOffset.UTC),
        minutes(failures, zone),
        ClockPattern.find(failures, zone));
  }

  private static List<Integer> hours(List<Failure> failures, ZoneId zone) {
    int[] counts = new int[HOURS];
    failures.forEach(each -> counts[each.at().atZone(zone).getHour()] += each.times());
    return list(counts);
  }

  private static List<Integer> minutes(List<Failure> failures, ZoneId zone) {
    int[] counts = new int[MINUTES];
    failures.forEach(each -> counts[each.at().atZone(zone).getMinute()] += each.times());
    return list(counts);
  }

  private static List<Integer> list(int[] counts) {
    List<Integer> list = new ArrayList<>();
    for (int count : counts) {
      list.add(count);
    }
    return list;
  }
}

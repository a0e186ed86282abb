package freshet.replicator.review;

import freshet.replicator.flight.FailureTimes;
import freshet.replicator.flight.FailureTimes.Group;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Failures by hour and minute as histograms of text. Pure. */
final class FailureTimesText {
  private static final int BAR = 30;
  private static final int MINUTES = 5;

  private FailureTimesText() {}

  static List<String> lines(FailureTimes times) {
    if (times.groups().isEmpty()) {
      return List.of("no failure is known");
    }
    List<String> lines = new ArrayList<>();
    lines.add("failures from %s to %s".formatted(times.first(), times.last()));
    for (Group group : times.groups()) {
      lines.add("");
      lines.add("%s: %,d".formatted(group.name(), group.failures()));
      group.patterns().forEach(pattern -> lines.add("  " + pattern));
      lines.add(heading("hour", times.zone()));
      table(group.hoursUtc(), group.hoursLocal(), 1, lines);
      lines.add(heading("minute", times.zone()));
      table(byFive(group.minutesUtc()), byFive(group.minutesLocal()), MINUTES, lines);
    }
    return lines;
  }

  private static String heading(String what, String zone) {
    return "  %-6s  %-38s  %s".formatted(what, "UTC", zone);
  }

  private static void table(List<Integer> utc, List<Integer> local, int width, List<String> lines) {
    int most = Math.max(Collections.max(utc), Collections.max(local));
    for (int i = 0; i < utc.size(); i++) {
      String from = "%02d".formatted(i * width);
      String label = width == 1 ? from : "%s-%02d".formatted(from, i * width + width - 1);
      lines.add(
          "  %-6s  %-38s  %s"
              .formatted(label, cell(utc.get(i), most), cell(local.get(i), most))
              .stripTrailing());
    }
  }

  /** Whatever is not nothing has a bar that is seen. */
  private static String cell(int count, int most) {
    return count == 0
        ? "."
        : "%s %,d"
            .formatted("#".repeat(Math.max(1, Math.round((float) BAR * count / most))), count);
  }

  private static List<Integer> byFive(List<Integer> minutes) {
    List<Integer> sums = new ArrayList<>();
    for (int i = 0; i < minutes.size(); i += MINUTES) {
      sums.add(minutes.subList(i, i + MINUTES).stream().mapToInt(Integer::intValue).sum());
    }
    return sums;
  }
}

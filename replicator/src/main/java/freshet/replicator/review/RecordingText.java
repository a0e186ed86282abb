package freshet.replicator.review;

import freshet.replicator.flight.Connect;
import freshet.replicator.flight.Recording;
import freshet.replicator.flight.Sample;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The minute before a failure as a table. Pure. */
final class RecordingText {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.S", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String ROW = "  %-10s %14s %9s %7s %7s %7s %14s %7s %9s %9s";
  private static final String UNKNOWN = "-";

  private RecordingText() {}

  static List<String> lines(Recording recording) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        "the minute before %s on %s: %s"
            .formatted(recording.failure().at(), recording.node(), recording.failure().text()));
    lines.add(
        ROW.formatted(
            "UTC",
            "bytes/s sent",
            "transfers",
            "resent",
            "SYN",
            "drops",
            "GC ms/longest",
            "steal %",
            "disk wait",
            "disk busy"));
    recording.samples().forEach(sample -> lines.add(row(sample)));
    lines.add(
        "  sent: to slaves; resent, SYN: TCP segments sent again, those among them that open a"
            + " connection; disk wait, busy: ms in which a task waited, the busiest disk was at work");
    if (!recording.connects().isEmpty()) {
      lines.add("  connects to the database:");
      recording.connects().forEach(connect -> lines.add(connect(connect)));
    }
    recording.missing().forEach(missing -> lines.add("  not told by this host: " + missing));
    return lines;
  }

  private static String row(Sample sample) {
    double seconds = Math.max(1, sample.over().toMillis()) / 1000.0;
    return ROW.formatted(
        clock(sample.at()),
        "%,d".formatted(Math.round(sample.servedBytes() / seconds)),
        sample.transfers(),
        number(sample.retransmits()),
        number(sample.synRetransmits()),
        number(sample.drops()),
        sample.gcPauses() == 0
            ? "0"
            : "%,d/%,d".formatted(sample.gcPaused().toMillis(), sample.gcLongest().toMillis()),
        sample.stealPercent() == null
            ? UNKNOWN
            : String.format(Locale.ROOT, "%.1f", sample.stealPercent()),
        millis(sample.diskWait()),
        millis(sample.diskBusy()));
  }

  private static String connect(Connect connect) {
    String phases =
        connect.phases().entrySet().stream()
            .map(phase -> "%s %,d ms".formatted(phase.getKey(), phase.getValue().toMillis()))
            .collect(Collectors.joining(", "));
    return "    %s  %s  %s%s"
        .formatted(
            clock(connect.at()),
            connect.endpoint(),
            phases,
            connect.failedIn() == null ? "" : "; FAILED in " + connect.failedIn());
  }

  private static String clock(Instant at) {
    return CLOCK.format(at);
  }

  private static String number(@Nullable Long number) {
    return number == null ? UNKNOWN : "%,d".formatted(number);
  }

  private static String millis(@Nullable Duration duration) {
    return duration == null ? UNKNOWN : "%,d".formatted(duration.toMillis());
  }
}

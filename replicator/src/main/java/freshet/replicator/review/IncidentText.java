package freshet.replicator.review;

import freshet.replicator.flight.Failure;
import freshet.replicator.flight.Recording;
import freshet.replicator.freshness.Words;
import freshet.replicator.incident.Incident;
import freshet.replicator.incident.Symptom;
import freshet.replicator.review.IncidentCatalog.Known;
import freshet.replicator.review.IncidentShowOptions.Details;
import freshet.replicator.runtime.Count;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Incidents for people. Pure. */
final class IncidentText {
  private static final Duration SHARED = Duration.ofMinutes(1);

  private IncidentText() {}

  /**
   * A few lines for each.
   *
   * @param all how many are known
   */
  static List<String> list(IncidentCatalog catalog, int all, String role) {
    List<String> lines = new ArrayList<>();
    for (Known known : catalog.incidents()) {
      Incident incident = known.incident();
      lines.add(
          "%-8s  %-8s  %-20s  %s%s, %s"
              .formatted(
                  known.state(),
                  lower(incident.severity()),
                  incident.cause(),
                  known.isOpen() ? "since " : "",
                  span(known),
                  known.times() == 0 ? "not told yet" : "told " + Incident.times(known.times())));
      lines.add("          " + incident.what());
      lines.add("          %s incident show %s".formatted(role, incident.id()));
    }
    if (lines.isEmpty()) {
      lines.add("no incident is open, and none is remembered");
    }
    if (all > catalog.incidents().size()) {
      lines.add(
          "and %s; see --limit"
              .formatted(Count.of(all - catalog.incidents().size(), "older one", "older ones")));
    }
    if (catalog.note() != null) {
      lines.add("note: " + catalog.note());
    }
    return lines;
  }

  /**
   * Everything of one.
   *
   * @param failures of the node, for how many share a recording
   * @param whole how many recordings are shown whole
   */
  static List<String> show(Details details, List<Failure> failures, int whole) {
    List<String> lines = new ArrayList<>(incident(details.incident()));
    List<Recording> recordings = details.recordings();
    lines.add("");
    lines.add(
        recordings.isEmpty()
            ? "no recording of it is kept"
            : Count.of(recordings.size(), "recording belongs", "recordings belong") + " to it:");
    for (Recording recording : recordings) {
      Failure first = recording.failure();
      lines.add(
          "  %s  %s %s %s: %,d within a minute"
              .formatted(
                  first.at(),
                  first.attempt(),
                  first.failure(),
                  first.where(),
                  shared(first, failures)));
    }
    recordings.stream().limit(whole).forEach(each -> lines.addAll(RecordingText.lines(each)));
    return lines;
  }

  private static List<String> incident(Known known) {
    Incident incident = known.incident();
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %s, %s, stage %s, told by %s"
            .formatted(
                incident.cause(),
                known.state(),
                lower(incident.severity()),
                lower(incident.stage()),
                incident.where()));
    lines.add("id: " + incident.id());
    lines.add((known.isOpen() ? "since: " : "from: ") + span(known));
    lines.add("class: " + incident.failure());
    lines.add("what: " + incident.what());
    if (!incident.affected().isEmpty()) {
      lines.add(
          "affected: %,d: %s"
              .formatted(incident.affected().size(), Symptom.some(incident.affected())));
    }
    if (incident.limitAt() != null) {
      lines.add("age limit crossed at: " + incident.limitAt());
    }
    if (incident.flaps() > 0) {
      lines.add("came back: " + Incident.times(incident.flaps()));
    }
    lines.add(
        known.times() == 0
            ? "told: not yet"
            : "told: %s, first at %s, last at %s"
                .formatted(Incident.times(known.times()), known.toldFirst(), known.toldLast()));
    lines.add(
        "last good generation: " + (incident.lastGood() == null ? "none" : incident.lastGood()));
    lines.add("next: " + incident.nextCommand());
    lines.add("read: docs/troubleshooting.md, \"%s\"".formatted(incident.heading()));
    return lines;
  }

  private static String span(Known known) {
    Instant since = known.incident().since();
    Instant until = known.until();
    if (until == null) {
      return since.toString();
    }
    Duration lasted = Duration.between(since, until);
    // Negative where the clock was set back meanwhile.
    return lasted.isNegative()
        ? "%s to %s".formatted(since, until)
        : "%s to %s (%s)".formatted(since, until, Words.duration(lasted));
  }

  /** How many of its kind there were until another recording could have been made. */
  private static int shared(Failure first, List<Failure> failures) {
    Instant end = first.at().plus(SHARED);
    int more =
        failures.stream()
            .filter(
                each ->
                    each.failure().equals(first.failure())
                        && each.stage() == first.stage()
                        && !each.at().isBefore(first.at())
                        && each.at().isBefore(end))
            .mapToInt(Failure::times)
            .sum();
    return Math.max(1, more);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}

package freshet.indexer.app;

import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CycleReport;
import freshet.indexer.source.CheckCounts;
import freshet.indexer.source.Finding;
import freshet.indexer.source.PollReport;
import freshet.replicator.runtime.Count;
import java.time.Duration;

/** A cycle's report in one line. */
final class CycleText {
  private CycleText() {}

  static String of(CycleReport report) {
    String what =
        switch (report.outcome()) {
          case CycleOutcome.Published published ->
              "published generation %s: %s, %s, %,d bytes"
                  .formatted(
                      published.generation(),
                      Count.of(published.cities(), "city", "cities"),
                      Count.of(published.files(), "file"),
                      published.bytes());
          case CycleOutcome.Refreshed refreshed ->
              "nothing to do: generation %s is up to date".formatted(refreshed.generation());
          case CycleOutcome.Held held -> "not published: " + held.reason();
          case CycleOutcome.Failed failed ->
              "%s failed (%s): %s".formatted(stage(failed), failed.failure(), failed.message());
        };
    StringBuilder text = new StringBuilder(what + read(report) + times(report.times()));
    for (Finding finding : report.findings()) {
      text.append(
          "\nfinding: %s: %s; %s".formatted(finding.what(), finding.evidence(), finding.fix()));
    }
    return text.toString();
  }

  private static String read(CycleReport report) {
    PollReport poll = report.poll();
    if (poll == null) {
      return "";
    }
    return "; %s and %s read, %d dropped as equal, %d rescued by the overlap"
            .formatted(
                Count.of(poll.deletionsRead(), "deletion"),
                Count.of(poll.changesRead(), "change"),
                report.counts().equal().total(),
                report.counts().rescued())
        + checked(poll.checks());
  }

  private static String checked(CheckCounts checks) {
    String text = "";
    if (checks.sweptPairs() > 0 || checks.sweepRescued() > 0) {
      text +=
          "; sweep: %d versions compared, %d rescued"
              .formatted(checks.sweptPairs(), checks.sweepRescued());
    }
    if (checks.diffKeys() > 0) {
      text +=
          "; id diff: %s compared, %d differed"
              .formatted(Count.of(checks.diffKeys(), "key"), checks.diffFound());
    }
    return text;
  }

  private static String times(CycleReport.StageTimes times) {
    return "; poll %d ms, route %d ms, build %d ms, publish %d ms"
        .formatted(
            millis(times.poll()),
            millis(times.route()),
            millis(times.build()),
            millis(times.publish()));
  }

  private static String stage(CycleOutcome.Failed failed) {
    return failed.stage().name().toLowerCase(java.util.Locale.ROOT);
  }

  private static long millis(Duration duration) {
    return duration.toMillis();
  }
}

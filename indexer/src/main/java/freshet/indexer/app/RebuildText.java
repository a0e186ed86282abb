package freshet.indexer.app;

import freshet.indexer.rebuild.RebuildLimits;
import freshet.indexer.rebuild.RebuildProgress;
import freshet.indexer.rebuild.RebuildState.Phase;
import freshet.indexer.scan.ScanLimits;
import freshet.replicator.config.Durations;
import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A rebuild in lines for people. */
final class RebuildText {
  private static final int PERCENT = 100;

  private RebuildText() {}

  /** How far it has come. */
  static String of(RebuildProgress progress) {
    StringBuilder text = new StringBuilder();
    if (progress.phase() == Phase.READING) {
      text.append(
          "reading: %,d of about %s (%d %%), %s, %,d rows/s"
              .formatted(
                  progress.rows(),
                  Count.of(progress.estimatedRows(), "row"),
                  (int) (progress.share() * PERCENT),
                  Count.of(progress.documents(), "document"),
                  progress.rowsPerSecond()));
      Duration left = progress.timeLeft();
      if (left != null) {
        text.append(", ").append(timeLeft(left)).append(" left");
      }
    } else {
      text.append(
          "catching up with what changed meanwhile: " + Count.of(progress.documents(), "document"));
    }
    if (progress.waitsFor() != null) {
      text.append("; waits: ").append(progress.waitsFor());
    }
    return text.toString();
  }

  /** A time left, to about a sixtieth. */
  static String timeLeft(Duration left) {
    Duration rounded =
        left.toMinutes() >= 60
            ? Duration.ofMinutes(left.toMinutes())
            : Duration.ofSeconds(left.toSeconds());
    return rounded.toHours() > 0 && rounded.toMinutesPart() > 0
        ? "%dh %dm".formatted(rounded.toHours(), rounded.toMinutesPart())
        : rounded.toMinutesPart() > 0 && rounded.toSecondsPart() > 0
            ? "%dm %ds".formatted(rounded.toMinutesPart(), rounded.toSecondsPart())
            : Durations.show(rounded);
  }

  /** Limits, in the words of the command line. */
  static String of(RebuildLimits limits) {
    ScanLimits scan = limits.scan();
    return "threads %d, max-rows-per-second %s, max-lag %s, max-threads-running %s"
        .formatted(
            limits.threads(),
            orUnlimited(scan.rowsPerSecond()),
            orUnlimited(scan.maxLag() == null ? null : Durations.show(scan.maxLag())),
            orUnlimited(scan.maxThreadsRunning()));
  }

  private static String orUnlimited(@Nullable Object limit) {
    return limit == null ? "unlimited" : limit.toString();
  }

  /** What {@code status} says of a rebuild. */
  static String of(RebuildStatus rebuild) {
    return of(rebuild, "rebuild" + arguments(rebuild.cities()));
  }

  /** The same while nothing is published yet: what began the first load goes on with it. */
  static String ofFirst(RebuildStatus rebuild) {
    return of(rebuild, "build");
  }

  private static String of(RebuildStatus rebuild, String again) {
    String what = "rebuild of %s since %s: ".formatted(cities(rebuild.cities()), rebuild.started());
    Long process = rebuild.process();
    RebuildProgress progress = rebuild.progress();
    String by = process == null ? "" : "; process " + process;
    return what
        + switch (rebuild.phase()) {
          case READING, CATCHING_UP ->
              process == null
                  ? "nobody works at it (%s); go on with: bin/indexer %s"
                      .formatted(rebuild.phase(), again)
                  : (progress == null ? "it begins" : of(progress)) + by;
          case READY ->
              rebuild.waitsFor() == null
                  ? "ready; waits for the master to switch, which it does with its next cycle" + by
                  : "ready; " + rebuild.waitsFor() + by;
          case SWITCHING, SWITCHED -> "the master switches to it" + by;
        };
  }

  /** By which options a rebuild of these is asked for. */
  static String arguments(@Nullable SortedSet<City> cities) {
    return cities == null
        ? " --all"
        : cities.stream()
            .map(city -> " --city '" + city.name() + "'")
            .collect(Collectors.joining());
  }

  private static String cities(@Nullable SortedSet<City> cities) {
    return cities == null
        ? "all cities"
        : cities.stream().map(City::toString).collect(Collectors.joining(", "));
  }
}

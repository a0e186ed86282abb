package freshet.indexer.demo;

import freshet.indexer.demo.data.ChangeKind;
import freshet.indexer.demo.fleet.Daemon;
import freshet.indexer.demo.fleet.FleetWatch;
import freshet.indexer.demo.fleet.MasterState;
import freshet.indexer.demo.fleet.SlaveState;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the demo shows while it runs, as lines. Pure. */
final class View {
  private static final int CYCLES = 3;

  private View() {}

  /**
   * What is to be shown.
   *
   * @param elapsed since the changes began
   * @param documents in the database
   * @param changes how many of each kind were committed
   * @param changesPerSecond in the last seconds
   * @param kills so far
   */
  record Progress(
      Duration elapsed,
      @Nullable Duration of,
      long documents,
      Map<ChangeKind, Long> changes,
      double changesPerSecond,
      int kills) {}

  /** The view for a terminal. */
  static List<String> drawn(Progress progress, FleetWatch watch) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("freshet demo   " + clock(progress));
    lines.add(
        "database       %,d documents, %.1f changes a second%s"
            .formatted(progress.documents(), progress.changesPerSecond(), kills(progress)));
    List<String> counts = new ArrayList<>();
    progress.changes().forEach((kind, count) -> counts.add(count + " " + kind.plural()));
    lines.add("               " + String.join(", ", counts));
    master(lines, watch.fleet().master(), watch.master());
    for (Daemon slave : watch.fleet().slaves()) {
      slave(lines, slave, watch.slave(slave));
    }
    lines.add("search         " + example(watch.fleet().slaves().getFirst().url()));
    lines.add("               end with Ctrl-C");
    return lines;
  }

  private static void master(List<String> lines, Daemon daemon, @Nullable MasterState state) {
    lines.add(
        "%-14s %s  %s/status"
            .formatted(
                daemon.name(),
                state == null ? "does not answer" : "generation " + state.generation(),
                daemon.url()));
    if (state != null) {
      if (!state.waitsFor().isEmpty()) {
        lines.add("               waits for " + state.waitsFor());
      }
      state.cycles().stream().limit(CYCLES).forEach(c -> lines.add("               " + c));
    }
  }

  private static void slave(List<String> lines, Daemon daemon, @Nullable SlaveState state) {
    lines.add(
        "%-14s %s  %s/status"
            .formatted(
                daemon.name(),
                state == null
                    ? "does not answer"
                    : "generation %s, %,d documents, age %s"
                        .formatted(state.generation(), state.documents(), age(state.age())),
                daemon.url()));
    if (state != null && !state.stages().isEmpty()) {
      List<String> stages = new ArrayList<>();
      state.stages().forEach((name, took) -> stages.add(name + " " + age(took)));
      lines.add("               " + String.join(", ", stages));
    }
  }

  /** A line for where there is no terminal. */
  static String plain(Progress progress, FleetWatch watch) {
    List<String> ages = new ArrayList<>();
    for (Daemon slave : watch.fleet().slaves()) {
      SlaveState state = watch.slave(slave);
      ages.add(
          slave.name()
              + (state == null
                  ? " does not answer"
                  : " %s age %s".formatted(state.generation(), age(state.age()))));
    }
    return "%s: %,d documents, %.1f changes a second, %s%s"
        .formatted(
            clock(progress),
            progress.documents(),
            progress.changesPerSecond(),
            String.join(", ", ages),
            kills(progress));
  }

  /** An address that shows a search. */
  static String example(URI slave) {
    return slave + "/search?q=balcony+garden&size=3";
  }

  private static String clock(Progress progress) {
    Duration of = progress.of();
    return of == null
        ? progress.elapsed().toSeconds() + " s"
        : "%d of %d s".formatted(progress.elapsed().toSeconds(), of.toSeconds());
  }

  private static String kills(Progress progress) {
    return progress.kills() == 0 ? "" : ", %d kills".formatted(progress.kills());
  }

  private static String age(@Nullable Duration duration) {
    return duration == null
        ? "unknown"
        : String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }
}

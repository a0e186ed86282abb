package freshet.indexer.demo;

import freshet.indexer.demo.data.ChangeKind;
import freshet.indexer.demo.fleet.Fleet;
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
  private static final Duration SHORTEST_STAGE = Duration.ofMillis(50);

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

  /**
   * What the daemons said at the last look.
   *
   * @param masterUrl where the master listens
   * @param master null if it did not answer
   */
  record Seen(URI masterUrl, @Nullable MasterState master, List<Slave> slaves) {
    /** Of this watch. */
    static Seen of(FleetWatch watch) {
      Fleet fleet = watch.fleet();
      return new Seen(
          fleet.master().url(),
          watch.master(),
          fleet.slaves().stream()
              .map(slave -> new Slave(slave.name(), slave.url(), watch.slave(slave)))
              .toList());
    }
  }

  /**
   * One of the slaves.
   *
   * @param state null if it did not answer
   */
  record Slave(String name, URI url, @Nullable SlaveState state) {}

  /** The view for a terminal. */
  static List<String> drawn(Progress progress, Seen seen) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("freshet demo   " + clock(progress));
    lines.add(
        "database       %,d documents, %.1f changes a second%s"
            .formatted(progress.documents(), progress.changesPerSecond(), kills(progress)));
    List<String> counts = new ArrayList<>();
    progress.changes().forEach((kind, count) -> counts.add(count + " " + kind.plural()));
    lines.add("               " + String.join(", ", counts));
    master(lines, seen);
    seen.slaves().forEach(slave -> slave(lines, slave));
    lines.add("search         " + example(seen.slaves().getFirst().url()));
    lines.add("               end with Ctrl-C");
    return lines;
  }

  private static void master(List<String> lines, Seen seen) {
    MasterState state = seen.master();
    lines.add(
        "%-14s %s  %s/status"
            .formatted(
                "master",
                state == null ? "does not answer" : "generation " + state.generation(),
                seen.masterUrl()));
    if (state != null) {
      if (!state.waitsFor().isEmpty()) {
        lines.add("               waits for " + state.waitsFor());
      }
      state.cycles().stream().limit(CYCLES).forEach(c -> lines.add("               " + c));
    }
  }

  private static void slave(List<String> lines, Slave slave) {
    SlaveState state = slave.state();
    lines.add(
        "%-14s %s  %s/status"
            .formatted(
                slave.name(),
                state == null
                    ? "does not answer"
                    : "generation %s, %,d documents, age %s"
                        .formatted(state.generation(), state.documents(), age(state.age())),
                slave.url()));
    List<String> stages = new ArrayList<>();
    if (state != null) {
      state
          .stages()
          .forEach(
              (name, took) -> {
                // The others add up to nothing that one could see here.
                if (took.compareTo(SHORTEST_STAGE) >= 0) {
                  stages.add(name + " " + age(took));
                }
              });
    }
    if (!stages.isEmpty()) {
      lines.add("               " + String.join(", ", stages));
    }
  }

  /** A line for where there is no terminal. */
  static String plain(Progress progress, Seen seen) {
    List<String> ages = new ArrayList<>();
    for (Slave slave : seen.slaves()) {
      SlaveState state = slave.state();
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

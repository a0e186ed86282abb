package freshet.indexer.config;

import freshet.indexer.rebuild.RebuildLimits;
import freshet.indexer.scan.ScanLimits;
import freshet.replicator.config.ConfigSection;
import freshet.replicator.config.Made;
import java.time.Duration;
import java.util.Optional;

/** How fast a rebuild may read: the section {@code rebuild}. */
final class RebuildSection {
  private RebuildSection() {}

  static Made<RebuildLimits> read(ConfigSection rebuild) {
    int threads =
        rebuild.number(
            "threads", Runtime.getRuntime().availableProcessors(), 1, LimitWishes.MAX_THREADS);
    Optional<Integer> rows = count(rebuild, "max_rows_per_second");
    Optional<Duration> lag =
        rebuild.parsed(
            "max_lag",
            LimitWishes.UNLIMITED,
            "a duration or unlimited is expected",
            Optional.empty(),
            LimitWishes::lag);
    Optional<Integer> running = count(rebuild, "max_threads_running");
    return rebuild.make(
        () ->
            new RebuildLimits(
                threads,
                new ScanLimits(rows.orElse(null), lag.orElse(null), running.orElse(null))));
  }

  /** How long slaves are waited for that fetch rebuilt cities: nobody is worse off meanwhile. */
  static Duration advertiseAtMost(ConfigSection rebuild) {
    return rebuild.duration("advertise_at_most", Duration.ofHours(1));
  }

  private static Optional<Integer> count(ConfigSection rebuild, String key) {
    return rebuild.parsed(
        key,
        LimitWishes.UNLIMITED,
        "a number or unlimited is expected",
        Optional.empty(),
        LimitWishes::count);
  }
}

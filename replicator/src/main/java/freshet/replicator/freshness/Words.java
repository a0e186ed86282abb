package freshet.replicator.freshness;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Durations and ages as people say them. */
public final class Words {
  private Words() {}

  /**
   * Such as {@code 12 ms}, {@code 1.8 s}, {@code 4 min 10 s}, {@code 2 h 3 min}, {@code 5 d 2 h}.
   */
  public static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      return duration.toMillis() + " ms";
    }
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
    if (seconds < 3_600) {
      return "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart());
    }
    if (seconds < 86_400) {
      return "%d h %d min".formatted(duration.toHours(), duration.toMinutesPart());
    }
    return "%d d %d h".formatted(duration.toDays(), duration.toHoursPart());
  }

  /**
   * Such as {@code what is served is 1.8 s behind the database}.
   *
   * @param age of what is served, null if nobody knows it
   */
  public static String served(@Nullable Duration age) {
    return age == null
        ? "nobody knows how far what is served is behind the database"
        : "what is served is %s behind the database".formatted(duration(age));
  }

  /**
   * What half of some ages, 99 of 100 and all do not exceed, such as {@code p50 900 ms, p99 1.8 s,
   * max 1.8 s}. An unknown age counts as the highest.
   *
   * @param ages at least one
   */
  public static String spread(Collection<Age> ages) {
    List<Age> sorted =
        ages.stream()
            .sorted(Comparator.comparingDouble(age -> age.secondsOr(Double.POSITIVE_INFINITY)))
            .toList();
    return "p50 %s, p99 %s, max %s"
        .formatted(percentile(sorted, 50), percentile(sorted, 99), percentile(sorted, 100));
  }

  private static String percentile(List<Age> sorted, int percent) {
    return switch (sorted.get(Math.ceilDiv(sorted.size() * percent, 100) - 1)) {
      case Age.Known(Duration atMost) -> duration(atMost);
      case Age.Unknown unknown -> "unknown";
    };
  }
}

package freshet.indexer.config;

import freshet.indexer.rebuild.RebuildLimits;
import freshet.indexer.scan.ScanLimits;
import freshet.replicator.config.Durations;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Limits of a rebuild as somebody has typed them; null for what was not.
 *
 * @param threads a number
 * @param maxRowsPerSecond a number, or unlimited
 * @param maxLag a duration, or unlimited
 * @param maxThreadsRunning a number, or unlimited
 */
public record LimitWishes(
    @Nullable Integer threads,
    @Nullable String maxRowsPerSecond,
    @Nullable String maxLag,
    @Nullable String maxThreadsRunning) {
  /** Nobody has typed anything. */
  public static final LimitWishes NONE = new LimitWishes(null, null, null, null);

  static final int MAX_THREADS = 256;
  static final String UNLIMITED = "unlimited";

  /** Whether nothing was typed. */
  public boolean isEmpty() {
    return equals(NONE);
  }

  /**
   * These, and others' where nothing was typed.
   *
   * @throws IllegalArgumentException if one can't be read, with what is expected
   */
  public RebuildLimits over(RebuildLimits others) {
    Integer count = threads;
    if (count != null && (count < 1 || count > MAX_THREADS)) {
      throw new IllegalArgumentException(
          "%d threads: a number from 1 to %d is expected".formatted(count, MAX_THREADS));
    }
    return new RebuildLimits(
        count == null ? others.threads() : count,
        new ScanLimits(
            maxRowsPerSecond == null
                ? others.scan().rowsPerSecond()
                : count(maxRowsPerSecond).orElse(null),
            maxLag == null ? others.scan().maxLag() : lag(maxLag).orElse(null),
            maxThreadsRunning == null
                ? others.scan().maxThreadsRunning()
                : count(maxThreadsRunning).orElse(null)));
  }

  /** The newer ones, and these where those say nothing. */
  public LimitWishes then(LimitWishes newer) {
    return new LimitWishes(
        newer.threads == null ? threads : newer.threads,
        newer.maxRowsPerSecond == null ? maxRowsPerSecond : newer.maxRowsPerSecond,
        newer.maxLag == null ? maxLag : newer.maxLag,
        newer.maxThreadsRunning == null ? maxThreadsRunning : newer.maxThreadsRunning);
  }

  /** A number above zero; empty for no limit. */
  static Optional<Integer> count(String text) {
    if (text.equals(UNLIMITED)) {
      return Optional.empty();
    }
    try {
      int count = Integer.parseInt(text);
      if (count > 0) {
        return Optional.of(count);
      }
    } catch (NumberFormatException e) {
      throw expected(text, "a whole number above 0, or " + UNLIMITED, e);
    }
    throw expected(text, "a whole number above 0, or " + UNLIMITED, null);
  }

  /** A duration above zero; empty for no limit. */
  static Optional<Duration> lag(String text) {
    if (text.equals(UNLIMITED)) {
      return Optional.empty();
    }
    Optional<Duration> lag = Durations.parse(text).filter(Duration::isPositive);
    if (lag.isEmpty()) {
      throw expected(text, "a duration above 0 such as 10s, or " + UNLIMITED, null);
    }
    return lag;
  }

  private static IllegalArgumentException expected(
      String text, String what, @Nullable Exception cause) {
    return new IllegalArgumentException("'%s': %s is expected".formatted(text, what), cause);
  }
}

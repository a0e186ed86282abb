package freshet.replicator.pull;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Whether a merged segment that could be merged here is, or is fetched. Pure.
 *
 * @param mode as configured
 * @param fetch bytes a second that are fetched; empty if not known
 * @param replay bytes a second that are merged here; empty if not known
 */
record ReplayRule(ReplayMode mode, OptionalDouble fetch, OptionalDouble replay) {
  /** A request for something smaller takes as long as the merge. */
  static final long SMALL_BYTES = 1 << 20;

  private static final double MEGABYTE = 1 << 20;

  /** What is done, and why. */
  sealed interface Choice {
    /** In words. */
    String reason();

    /** It is merged here. */
    record Replay(String reason) implements Choice {}

    /** It is fetched. */
    record Fetch(String reason) implements Choice {}
  }

  /** One that knows no speeds. */
  static ReplayRule of(ReplayMode mode) {
    return new ReplayRule(mode, OptionalDouble.empty(), OptionalDouble.empty());
  }

  /**
   * What to do.
   *
   * @param bytes of the files that would be made
   * @param bytesToFetch of sources that would have to be fetched for it
   */
  Choice decide(long bytes, long bytesToFetch) {
    return switch (mode) {
      case NEVER -> new Choice.Fetch("pull.replay is never");
      case ALWAYS ->
          bytesToFetch < bytes
              ? new Choice.Replay("pull.replay is always")
              : new Choice.Fetch("its sources are as large as it is");
      case AUTO ->
          bytesToFetch > bytes / 2
              ? new Choice.Fetch("less than half of it would be saved")
              : bySpeed(bytes, bytesToFetch);
    };
  }

  /** What is done with a large merge whose sources are here. */
  Choice ofLargeMerges() {
    return decide(Long.MAX_VALUE, 0);
  }

  private Choice bySpeed(long bytes, long bytesToFetch) {
    if (bytes < SMALL_BYTES) {
      return new Choice.Replay("it is small");
    }
    if (replay.isEmpty() || fetch.isEmpty()) {
      return new Choice.Replay(
          "the speed of %s is not measured yet, and replaying saves bytes"
              .formatted(replay.isEmpty() ? "merging" : "fetching"));
    }
    double fetching = bytes / fetch.getAsDouble();
    double replaying = bytes / replay.getAsDouble() + bytesToFetch / fetch.getAsDouble();
    String speeds =
        String.format(
            Locale.ROOT,
            "merging makes %.1f MB/s, fetching %.1f MB/s",
            replay.getAsDouble() / MEGABYTE,
            fetch.getAsDouble() / MEGABYTE);
    return replaying <= fetching ? new Choice.Replay(speeds) : new Choice.Fetch(speeds);
  }
}

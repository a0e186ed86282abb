package freshet.indexer.rebuild;

import freshet.indexer.scan.WaitReason;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a rebuild has come, at a moment.
 *
 * @param phase what it does
 * @param documents that are in the new indexes, those before a restart included
 * @param rows of the table that were read, those before a restart included
 * @param estimatedRows of the table, by the server's statistics: it may be off by half
 * @param rowsPerSecond lately
 * @param timeLeft until all rows are read at that rate; null if that can't be said
 * @param waitsFor why it does not go on at once; null if nothing holds it up
 * @param waited how long the threads that read have waited by now, all together, by reason; since
 *     this process began
 */
public record RebuildProgress(
    RebuildState.Phase phase,
    long documents,
    long rows,
    long estimatedRows,
    long rowsPerSecond,
    @Nullable Duration timeLeft,
    @Nullable String waitsFor,
    Map<WaitReason, Duration> waited) {
  /** Beyond this a rebuild that reads is never said to be. */
  private static final double ALMOST = 0.99;

  /** Copies the map. */
  public RebuildProgress {
    waited = Map.copyOf(waited);
  }

  /** What share of the rows is read, from 0 to 1; an estimate that was too low never makes it 1. */
  public double share() {
    if (phase != RebuildState.Phase.READING) {
      return 1;
    }
    return estimatedRows <= 0 ? 0 : Math.min(ALMOST, (double) rows / estimatedRows);
  }

  /** Computes what is left. */
  static RebuildProgress of(
      RebuildState.Phase phase,
      long documents,
      long rows,
      long estimatedRows,
      double rowsPerSecond,
      @Nullable String waitsFor,
      Map<WaitReason, Duration> waited) {
    long left = estimatedRows - rows;
    Duration timeLeft =
        phase == RebuildState.Phase.READING && left > 0 && rowsPerSecond >= 1
            ? Duration.ofSeconds((long) Math.ceil(left / rowsPerSecond))
            : null;
    return new RebuildProgress(
        phase,
        documents,
        rows,
        estimatedRows,
        Math.round(rowsPerSecond),
        timeLeft,
        waitsFor,
        waited);
  }
}

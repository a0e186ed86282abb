package freshet.indexer.merge;

import java.time.Duration;
import java.util.List;

/**
 * What the merges of all indexes do at one moment.
 *
 * @param running those that have begun, the smallest first
 * @param waiting those that have not
 * @param finished since the start of this process
 * @param failed since then
 * @param bytesWritten by merges since then, those that run or failed included
 * @param maxBytesPerSecond that they may write; {@link MergeLimits#UNLIMITED} for no bound
 */
public record MergeFigures(
    List<Running> running,
    List<Waiting> waiting,
    long finished,
    long failed,
    long bytesWritten,
    long maxBytesPerSecond) {

  /**
   * A merge that has begun.
   *
   * @param index whose it is: a city's folder name
   * @param bytes of the segments that are merged
   * @param written so far
   * @param since how long it has been at work, pauses included
   * @param isPaused whether it makes way for smaller ones
   */
  public record Running(String index, long bytes, long written, Duration since, boolean isPaused) {
    /** Bytes written in a second, on average since it began. */
    public double bytesPerSecond() {
      return since.isZero() ? 0 : written / (since.toNanos() / 1e9);
    }
  }

  /**
   * A merge that has not begun.
   *
   * @param index whose it is: a city's folder name
   * @param bytes of the segments that are to be merged
   * @param reason why it waits
   */
  public record Waiting(String index, long bytes, String reason) {}

  /** Copies the lists. */
  public MergeFigures {
    running = List.copyOf(running);
    waiting = List.copyOf(waiting);
  }

  /** Bytes that all merges write in a second. */
  public double bytesPerSecond() {
    return running.stream().mapToDouble(Running::bytesPerSecond).sum();
  }
}

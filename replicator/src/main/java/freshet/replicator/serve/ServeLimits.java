package freshet.replicator.serve;

/**
 * What serving may take from others on the same host and network.
 *
 * @param maxBytesPerSecond of all answers together; {@link #UNLIMITED} for no cap
 * @param maxTransfers files that are sent at one time, small ones not counted
 * @param compressedBytes memory for what was compressed for the wire; 0 compresses nothing
 * @param yields whether it slows down when handshakes with the database do
 */
public record ServeLimits(
    long maxBytesPerSecond, int maxTransfers, long compressedBytes, boolean yields) {
  /** No cap. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  /** No cap, 32 transfers, 64 MiB, yields. */
  public static final ServeLimits DEFAULT = new ServeLimits(UNLIMITED, 32, 64L << 20, true);

  /** Checks the ranges. */
  public ServeLimits {
    if (maxBytesPerSecond < RateRule.LEAST_RATE) {
      throw new IllegalArgumentException(
          "at least %d bytes a second, found %d".formatted(RateRule.LEAST_RATE, maxBytesPerSecond));
    }
    if (maxTransfers < 1 || compressedBytes < 0) {
      throw new IllegalArgumentException(
          "at least 1 transfer and no negative memory, found %d and %d"
              .formatted(maxTransfers, compressedBytes));
    }
  }
}

package freshet.indexer.merge;

/**
 * How many bytes merges may write: a debt that grows with each write and shrinks as time passes.
 * Whoever has written waits while there is debt, so that the bound holds for all of them together,
 * a changed rate takes effect on those that wait already, and nothing is saved up while nobody
 * writes. It is told the time and waits for nothing itself. Thread-safe.
 */
final class MergeBudget {
  private static final double NANOS = 1e9;
  private static final long MAX_STEP = 1 << 20;
  private static final long STEPS_PER_SECOND = 40;

  private long bytesPerSecond;
  private double debt;
  private long settledAtNanos;

  MergeBudget(long bytesPerSecond, long nowNanos) {
    this.bytesPerSecond = bytesPerSecond;
    this.settledAtNanos = nowNanos;
  }

  synchronized long bytesPerSecond() {
    return bytesPerSecond;
  }

  synchronized void change(long newBytesPerSecond, long nowNanos) {
    settle(nowNanos);
    bytesPerSecond = newBytesPerSecond;
    if (newBytesPerSecond == MergeLimits.UNLIMITED) {
      debt = 0;
    }
  }

  synchronized void wrote(long bytes, long nowNanos) {
    settle(nowNanos);
    if (bytesPerSecond != MergeLimits.UNLIMITED) {
      debt += bytes;
    }
  }

  /** How long to wait before the next write, in nanoseconds; zero for not at all. */
  synchronized long nanosToWait(long nowNanos) {
    settle(nowNanos);
    return (long) Math.ceil(debt / bytesPerSecond * NANOS);
  }

  /** How much to write at one go: a fortieth of a second's worth, 1 MB at most. */
  synchronized long step() {
    return Math.clamp(bytesPerSecond / STEPS_PER_SECOND, 1, MAX_STEP);
  }

  private void settle(long nowNanos) {
    double paid = (nowNanos - settledAtNanos) / NANOS * bytesPerSecond;
    debt = Math.max(0, debt - paid);
    settledAtNanos = nowNanos;
  }
}

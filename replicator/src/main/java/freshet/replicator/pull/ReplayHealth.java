package freshet.replicator.pull;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the merges that were replayed came out, and how quickly. After several failures in a row none
 * is replayed any more until the process starts again: this host makes other bytes than the master.
 * Thread-safe.
 */
public final class ReplayHealth {
  private static final Logger LOG = LoggerFactory.getLogger(ReplayHealth.class);
  private static final int TOLERATED = 3;

  private final AtomicLong bytesReplayed = new AtomicLong();
  private final AtomicLong bytesFetched = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicInteger inARow = new AtomicInteger();
  private final Speeds speeds;

  /** Of a slave that is as quick as this. */
  public ReplayHealth(Speeds speeds) {
    this.speeds = speeds;
  }

  /** How quickly this slave fetches and merges. */
  public Speeds speeds() {
    return speeds;
  }

  /** Whether large merges are replayed at the moment. */
  public boolean replaysLargeMerges(ReplayMode mode) {
    return rule(mode).ofLargeMerges() instanceof ReplayRule.Choice.Replay;
  }

  /** What becomes of large merges at the moment, and why. */
  public String sentence(ReplayMode mode) {
    if (isOff()) {
      return "merges are fetched: several replays in a row came out otherwise than the master's";
    }
    return switch (rule(mode).ofLargeMerges()) {
      case ReplayRule.Choice.Replay choice -> "merges are replayed: " + choice.reason();
      case ReplayRule.Choice.Fetch choice -> "merges are fetched: " + choice.reason();
    };
  }

  /** By what merges are replayed or fetched at the moment. */
  ReplayRule rule(ReplayMode mode) {
    return new ReplayRule(isOff() ? ReplayMode.NEVER : mode, speeds.fetch(), speeds.replay());
  }

  /** Whether replays are given up. */
  public boolean isOff() {
    return inARow.get() >= TOLERATED;
  }

  /** Bytes of files that came out as the master's, and were not fetched. */
  public long bytesReplayed() {
    return bytesReplayed.get();
  }

  /** Bytes of files that were to be replayed and had to be fetched. */
  public long bytesFetched() {
    return bytesFetched.get();
  }

  /** Replays that failed, or made a file that is not the master's. */
  public long failures() {
    return failures.get();
  }

  void replayed(long bytes) {
    bytesReplayed.addAndGet(bytes);
    inARow.set(0);
  }

  void failed(Replay replay, long bytes, String why) {
    bytesFetched.addAndGet(bytes);
    failures.incrementAndGet();
    int times = inARow.incrementAndGet();
    LOG.warn(
        "{}/{}: the merge was replayed and is fetched all the same: {}",
        replay.folder(),
        replay.segment(),
        why);
    if (times == TOLERATED) {
      LOG.warn(
          "{} replays failed in a row: merges are fetched until the next start; compare the versions of Freshet and of the JDK here and on the master, or set pull.replay to never",
          times);
    }
  }
}

package freshet.replicator.page;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The ages of the last hour, at most 720 samples, forgotten by a restart. Thread-safe. */
public final class AgeHistory {
  /** How far back it goes. */
  static final Duration REACH = Duration.ofHours(1);

  private static final int MOST = 720;

  private final Deque<AgeSample> samples = new ArrayDeque<>();

  /** Takes a sample. */
  public synchronized void add(AgeSample sample) {
    samples.addLast(sample);
    if (samples.size() > MOST) {
      samples.removeFirst();
    }
  }

  /** Those of the last hour, oldest first. */
  public synchronized List<AgeSample> until(Instant now) {
    samples.removeIf(sample -> sample.at().isBefore(now.minus(REACH)));
    return List.copyOf(samples);
  }
}

package freshet.replicator.flight;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The newest samples and connects, in memory, bounded. Thread-safe. */
final class LastMinute {
  /** A minute, and some more since a sample may come late. */
  private static final int MOST_SAMPLES = 90;

  /** A burst of connects is worth seeing; more than that says no more. */
  private static final int MOST_CONNECTS = 200;

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Deque<Sample> samples = new ArrayDeque<>();
  private final Deque<Connect> connects = new ArrayDeque<>();

  synchronized void add(Sample sample) {
    samples.addLast(sample);
    if (samples.size() > MOST_SAMPLES) {
      samples.removeFirst();
    }
  }

  synchronized void add(Connect connect) {
    connects.addLast(connect);
    if (connects.size() > MOST_CONNECTS) {
      connects.removeFirst();
    }
  }

  /** The samples of the minute that ends with the newest of them, whatever the clock does. */
  synchronized List<Sample> samples() {
    List<Sample> newest = new ArrayList<>();
    Duration back = Duration.ZERO;
    for (Sample sample : samples.reversed()) {
      if (back.compareTo(MINUTE) >= 0) {
        break;
      }
      newest.add(sample);
      back = back.plus(sample.over());
    }
    return newest.reversed();
  }

  /** The connects of the minute before a moment. */
  synchronized List<Connect> connects(Instant until) {
    Instant from = until.minus(MINUTE);
    return connects.stream().filter(connect -> !connect.at().isBefore(from)).toList();
  }

  /** Whether slaves were sent something in a sample that reaches into the last so long. */
  synchronized boolean isServing(Duration ago) {
    Duration back = Duration.ZERO;
    for (Sample sample : samples.reversed()) {
      if (sample.isServing()) {
        return true;
      }
      back = back.plus(sample.over());
      if (back.compareTo(ago) >= 0) {
        return false;
      }
    }
    return false;
  }
}

package freshet.indexer.rebuild;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How fast a count has grown lately. Used by one thread. */
final class Pace {
  /** Long enough to even out pages, short enough to show a throttle that sets in. */
  private static final Duration LATELY = Duration.ofSeconds(15);

  private record Sample(long nanos, long count) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  /** Notes the count at a point on the monotonic clock; how many a second it has grown by. */
  double sample(long nanos, long count) {
    samples.addLast(new Sample(nanos, count));
    while (samples.size() > 2 && nanos - samples.getFirst().nanos() > LATELY.toNanos()) {
      samples.removeFirst();
    }
    Sample first = samples.getFirst();
    long passed = nanos - first.nanos();
    return passed <= 0 ? 0 : (count - first.count()) * 1e9 / passed;
  }
}

package freshet.indexer.benchmark.build;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one thing took in several runs, beside a peer's in the same runs. */
final class Samples {
  private final List<Double> own = new ArrayList<>();
  private final List<Double> peers = new ArrayList<>();

  /** Adds a run, with the peer's figure of the same run if there is one. */
  void add(double value, @Nullable Double peer) {
    own.add(value);
    if (peer != null) {
      peers.add(peer);
    }
  }

  void add(double value) {
    add(value, null);
  }

  /** The median as a figure, with the median of the ratios of the pairs. */
  Figure figure(String name, String what, String unit, Figure.@Nullable Target target) {
    if (peers.size() < own.size()) {
      return new Figure(name, what, median(own), unit, null, null, target);
    }
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      ratios.add(own.get(i) / peers.get(i));
    }
    return new Figure(name, what, median(own), unit, median(peers), median(ratios), target);
  }

  /** The newest one. */
  double last() {
    return own.getLast();
  }

  double highest() {
    return Collections.max(own);
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static double median(List<Double> figures) {
    List<Double> sorted = new ArrayList<>(figures);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}

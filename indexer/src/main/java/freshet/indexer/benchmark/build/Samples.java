package freshet.indexer.benchmark.build;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one thing took in several runs, beside a peer's in the same runs. */
public final class Samples {
  private final List<Double> own = new ArrayList<>();
  private final List<Double> peers = new ArrayList<>();

  /** Adds a run, with the peer's figure of the same run if there is one. */
  public void add(double value, @Nullable Double peer) {
    own.add(value);
    if (peer != null) {
      peers.add(peer);
    }
  }

  /** Adds a run without a peer. */
  public void add(double value) {
    add(value, null);
  }

  public boolean isEmpty() {
    return own.isEmpty();
  }

  /** The median as a figure, with the median of the ratios of the pairs. */
  public Figure figure(String name, String what, String unit, Figure.@Nullable Target target) {
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

  /** The value that this share of them do not exceed: 0.99 for the 99th percentile. */
  public double at(double share) {
    List<Double> sorted = new ArrayList<>(own);
    Collections.sort(sorted);
    return sorted.get(
        Math.clamp((long) Math.ceil(share * sorted.size()) - 1, 0, sorted.size() - 1));
  }

  double highest() {
    return Collections.max(own);
  }

  /** As a number of seconds. */
  public static double seconds(Duration duration) {
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

package freshet.indexer.demo.compare;

import java.util.ArrayList;
import java.util.List;

/** Collects differences: counts all, keeps the first. Used by one thread. */
public final class Differences {
  private static final int KEPT = 20;

  private final List<Difference> first = new ArrayList<>();
  private long count;

  /** Takes one. */
  void add(Difference difference) {
    count++;
    if (first.size() < KEPT) {
      first.add(difference);
    }
  }

  /** How many there are. */
  public long count() {
    return count;
  }

  /** The first 20 of them. */
  public List<Difference> first() {
    return List.copyOf(first);
  }
}

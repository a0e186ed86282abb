package freshet.indexer.merge;

import freshet.replicator.runtime.Time;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Merges whose segment is complete and that wait for having been advertised. Holds so many; one
 * more enters its index at once, since each keeps a thread. Thread-safe.
 */
final class FinishedMerges {
  private final int most;
  private final MergeAdvertising advertising;
  private final Time time;
  private final Map<FinishedMerge, Waiting> waiting = new HashMap<>();
  private boolean isOver;

  /** How many slaves say what they have, and how many of them have a merge, by its id. */
  private int slaves;

  private Map<String, Integer> having = Map.of();

  FinishedMerges(int most, MergeAdvertising advertising, Time time) {
    this.most = most;
    this.advertising = advertising;
    this.time = time;
  }

  private static final class Waiting {
    private @Nullable Long advertisedAtNanos;
  }

  /** Whether a merge of this size is to wait, if there is room. */
  boolean mayWait(long bytes) {
    return bytes > advertising.aboveBytes();
  }

  /** Whether a merge is to wait, and does from now on. */
  synchronized boolean add(FinishedMerge merge, long bytes) {
    boolean waits = !isOver && mayWait(bytes) && waiting.size() < most;
    if (waits) {
      waiting.put(merge, new Waiting());
    }
    return waits;
  }

  /** It has entered its index, or is void. */
  synchronized void remove(FinishedMerge merge) {
    waiting.remove(merge);
  }

  /** Whether it has been advertised for long enough, see {@link MergeAdvertising}. */
  synchronized boolean mayEnter(FinishedMerge merge) {
    Waiting one = waiting.get(merge);
    if (isOver || one == null) {
      return true;
    }
    Long at = one.advertisedAtNanos;
    return at != null
        && advertising.isEnough(time.since(at), slaves, having.getOrDefault(merge.id(), 0));
  }

  /** Takes over what slaves say that they have. */
  synchronized void prepared(int reporting, Map<String, Integer> merges) {
    slaves = reporting;
    having = Map.copyOf(merges);
  }

  synchronized List<FinishedMerge> all() {
    return List.copyOf(waiting.keySet());
  }

  /** Notes that everybody may know of these by now. */
  synchronized void advertised(Collection<FinishedMerge> merges) {
    for (FinishedMerge merge : merges) {
      Waiting one = waiting.get(merge);
      if (one != null && one.advertisedAtNanos == null) {
        one.advertisedAtNanos = time.nanoTime();
      }
    }
  }

  /** None waits any more, nor will. */
  synchronized void end() {
    isOver = true;
  }
}

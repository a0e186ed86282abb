package freshet.replicator.swap;

import freshet.replicator.snapshot.CityEntry;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** What left a city since the commit that is shown, and which segments elsewhere have it. */
final class Departures {
  private final CityIndex index;
  private @Nullable CityEntry newer;
  private Set<BytesRef> gone;

  /** By segment: which of what is gone it has, alive or not. A segment never gets another id. */
  private final Map<Object, Set<BytesRef>> found = new HashMap<>();

  /**
   * Nothing is looked up yet.
   *
   * @param index what is shown
   * @param newer the commit that it is compared with; null if the city is no more
   * @param gone ids that the newer commit lacks
   */
  Departures(CityIndex index, @Nullable CityEntry newer, Set<BytesRef> gone) {
    this.index = index;
    this.newer = newer;
    this.gone = gone;
  }

  CityIndex index() {
    return index;
  }

  boolean isAsOf(@Nullable CityEntry entry) {
    return newer == null ? entry == null : entry != null && newer.hasSameFilesAs(entry);
  }

  /** Whether an id has left. */
  boolean includes(BytesRef id) {
    return gone.contains(id);
  }

  /** Is compared with another commit; of the segments that are known only what is new is asked. */
  void update(@Nullable CityEntry other, Set<BytesRef> goneNow, Iterable<LeafReader> segments)
      throws IOException {
    Set<BytesRef> fresh = new HashSet<>(goneNow);
    fresh.removeAll(gone);
    for (LeafReader segment : segments) {
      Set<BytesRef> known = found.get(keyOf(segment));
      if (known != null) {
        known.retainAll(goneNow);
        known.addAll(Ids.among(segment, fresh));
      }
    }
    newer = other;
    gone = goneNow;
  }

  /** Which of what is gone a segment has, alive or not. */
  Set<BytesRef> foundIn(LeafReader segment) throws IOException {
    Set<BytesRef> known = found.get(keyOf(segment));
    if (known == null) {
      known = Ids.among(segment, gone);
      found.put(keyOf(segment), known);
    }
    return known;
  }

  /** Forgets segments that are no more. */
  void forgetAllBut(Set<Object> segments) {
    found.keySet().retainAll(segments);
  }

  static Object keyOf(LeafReader segment) {
    return segment.getCoreCacheHelper().getKey();
  }
}

package freshet.indexer.schedule;

import freshet.indexer.source.ChangeBatch;
import freshet.indexer.source.OverlapWindow;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SourcePosition;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How far the cities have come. Immutable.
 *
 * @param position every city that is not behind has everything up to here
 * @param behind cities that have less, with how far each has come
 * @param window what the next poll need not read again that serves no city that is behind
 * @param back the same of one that begins further back
 */
record Progress(
    SourcePosition position,
    SortedMap<City, SourcePosition> behind,
    OverlapWindow window,
    Back back) {

  /**
   * What a poll from further back need not read again.
   *
   * @param window that was read
   * @param served cities that have applied it; to others it means nothing
   */
  record Back(OverlapWindow window, Set<City> served) {
    static final Back NONE = new Back(OverlapWindow.UNSEEN, Set.of());

    /** Copies the set. */
    Back {
      served = Set.copyOf(served);
    }
  }

  /** Nothing was read yet. */
  static final Progress NONE =
      new Progress(SourcePosition.START, Collections.emptySortedMap(), OverlapWindow.UNSEEN);

  /** Copies the map. */
  Progress {
    behind = Collections.unmodifiableSortedMap(new TreeMap<>(behind));
  }

  /** Nothing was read from further back lately. */
  Progress(SourcePosition position, SortedMap<City, SourcePosition> behind, OverlapWindow window) {
    this(position, behind, window, Back.NONE);
  }

  /** Everything up to here is in all cities. */
  static Progress at(SourcePosition position) {
    return new Progress(position, Collections.emptySortedMap(), OverlapWindow.UNSEEN);
  }

  /** What a published snapshot stands for. */
  static Progress of(Snapshot snapshot) {
    SortedMap<City, SourcePosition> behind = new TreeMap<>();
    snapshot
        .cities()
        .forEach(
            (city, entry) -> {
              SourcePosition left = entry.behind();
              if (left != null) {
                behind.put(city, left);
              }
            });
    return new Progress(snapshot.manifest().position(), behind, OverlapWindow.UNSEEN);
  }

  /** Where a poll resumes: nothing that any city lacks lies before. */
  SourcePosition resumeFrom() {
    return resumeFrom(Set.of());
  }

  /** The same of a poll that does not serve these cities. */
  SourcePosition resumeFrom(Set<City> leftOut) {
    SourcePosition from = position;
    for (City city : served(leftOut)) {
      from = Positions.lower(from, of(city));
    }
    return from;
  }

  /** The cities that such a poll begins further back for. */
  Set<City> served(Set<City> leftOut) {
    Set<City> served = new TreeSet<>(behind.keySet());
    served.removeAll(leftOut);
    return served;
  }

  /** What such a poll need not read again. */
  OverlapWindow window(Set<City> leftOut) {
    Set<City> served = served(leftOut);
    if (served.isEmpty()) {
      return window;
    }
    return back.served.containsAll(served) ? back.window : OverlapWindow.UNSEEN;
  }

  /** How far a city has come. */
  SourcePosition of(City city) {
    return behind.getOrDefault(city, position);
  }

  /** How far a city has come once it has applied a batch. */
  SourcePosition after(City city, ChangeBatch batch) {
    return Positions.higher(batch.to(), of(city));
  }

  /** The same without a city that is no more. */
  Progress without(City city) {
    SortedMap<City, SourcePosition> left = new TreeMap<>(behind);
    left.remove(city);
    return new Progress(position, left, window);
  }

  /** The same with cities that have come so far. */
  Progress with(Map<City, SourcePosition> positions) {
    SortedMap<City, SourcePosition> left = new TreeMap<>(behind);
    positions.forEach(
        (city, own) -> {
          if (!Positions.isAtLeast(own, position)) {
            left.put(city, own);
          }
        });
    return new Progress(position, left, OverlapWindow.UNSEEN);
  }

  /** The same with cities that stay as far as they are published. */
  Progress with(Set<City> rejected, @Nullable Snapshot published) {
    if (rejected.isEmpty()) {
      return this;
    }
    Progress old = published == null ? NONE : of(published);
    SortedMap<City, SourcePosition> left = new TreeMap<>(behind);
    rejected.forEach(city -> left.put(city, old.of(city)));
    return new Progress(position, left, OverlapWindow.UNSEEN);
  }

  /** The same with cities that have come as far as another progress says. */
  Progress keeping(Set<City> cities, Progress other) {
    SortedMap<City, SourcePosition> left = new TreeMap<>(behind);
    SortedMap<City, SourcePosition> kept = new TreeMap<>();
    for (City city : cities) {
      left.remove(city);
      kept.put(city, other.of(city));
    }
    return new Progress(position, left, window).with(kept);
  }

  /** The same, with the overlap to be read again. */
  Progress unseen() {
    return new Progress(position, behind, OverlapWindow.UNSEEN);
  }

  /**
   * After a batch.
   *
   * @param failed cities that failed to apply it
   * @param leftOut those that the poll did not serve, and which apply nothing of it
   */
  Progress after(ChangeBatch batch, Set<City> failed, Set<City> leftOut) {
    Set<City> lacking = new TreeSet<>(failed);
    lacking.addAll(leftOut);
    SourcePosition reached = Positions.higher(batch.to(), position);
    SortedMap<City, SourcePosition> left = new TreeMap<>();
    Set<City> candidates = new TreeSet<>(behind.keySet());
    candidates.addAll(lacking);
    for (City city : candidates) {
      SourcePosition own = lacking.contains(city) ? of(city) : served(city, batch, reached);
      if (!Positions.isAtLeast(own, reached)) {
        left.put(city, own);
      }
    }
    // A city that failed lacks rows that may lie in the overlap, even where no cursor moved.
    lacking.forEach(city -> left.putIfAbsent(city, of(city)));
    return new Progress(
        reached, left, windowAfter(batch, failed, leftOut), backAfter(batch, failed, leftOut));
  }

  /** The last row of all may be gone by now, so that no cursor would ever reach it again. */
  private SourcePosition served(City city, ChangeBatch batch, SourcePosition reached) {
    return batch.reachedEnd() ? reached : after(city, batch);
  }

  private OverlapWindow windowAfter(ChangeBatch batch, Set<City> failed, Set<City> leftOut) {
    if (!leftOut.containsAll(failed)) {
      return OverlapWindow.UNSEEN;
    }
    // One that ended on the way says nothing of what lies behind it.
    return served(leftOut).isEmpty() || batch.reachedEnd() ? batch.window() : window;
  }

  private Back backAfter(ChangeBatch batch, Set<City> failed, Set<City> leftOut) {
    Set<City> served = served(leftOut);
    if (served.isEmpty()) {
      return back;
    }
    // It goes on behind what it has read, or the same overlap would fill each of its batches.
    return batch.reachedEnd() || !leftOut.containsAll(failed)
        ? Back.NONE
        : new Back(batch.window(), served);
  }

  /**
   * The position for a manifest: as far as every city has come that is behind, but has no entry
   * there which could say so.
   */
  SourcePosition publishable(Set<City> withEntry) {
    SourcePosition held = position;
    for (Map.Entry<City, SourcePosition> left : behind.entrySet()) {
      if (!withEntry.contains(left.getKey())) {
        held = Positions.lower(held, left.getValue());
      }
    }
    return held;
  }

  /** Cities that are behind and have an entry. */
  SortedMap<City, SourcePosition> behindIn(Set<City> withEntry) {
    SortedMap<City, SourcePosition> in = new TreeMap<>(behind);
    in.keySet().retainAll(withEntry);
    return in;
  }
}

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
 * @param window what the next poll need not read again
 */
record Progress(
    SourcePosition position, SortedMap<City, SourcePosition> behind, OverlapWindow window) {
  /** Nothing was read yet. */
  static final Progress NONE =
      new Progress(SourcePosition.START, Collections.emptySortedMap(), OverlapWindow.UNSEEN);

  /** Copies the map. */
  Progress {
    behind = Collections.unmodifiableSortedMap(new TreeMap<>(behind));
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

  /** Where the next poll resumes: nothing that any city lacks lies before. */
  SourcePosition resumeFrom() {
    SourcePosition from = position;
    for (SourcePosition left : behind.values()) {
      from = Positions.lower(from, left);
    }
    return from;
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

  /** After a batch that these cities failed to apply. */
  Progress after(ChangeBatch batch, Set<City> failed) {
    SourcePosition reached = Positions.higher(batch.to(), position);
    SortedMap<City, SourcePosition> left = new TreeMap<>();
    Set<City> candidates = new TreeSet<>(behind.keySet());
    candidates.addAll(failed);
    for (City city : candidates) {
      SourcePosition own = failed.contains(city) ? of(city) : after(city, batch);
      if (!Positions.isAtLeast(own, reached)) {
        left.put(city, own);
      }
    }
    // A city that failed lacks rows that may lie in the overlap, even where no cursor moved.
    failed.forEach(city -> left.putIfAbsent(city, of(city)));
    return new Progress(reached, left, failed.isEmpty() ? batch.window() : OverlapWindow.UNSEEN);
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

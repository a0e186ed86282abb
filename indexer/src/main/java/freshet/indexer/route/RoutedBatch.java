package freshet.indexer.route;

import freshet.indexer.source.Change;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A poll's changes by city, in the order in which they may be applied.
 *
 * @param first what each city may apply at once: documents to add, and true deletions
 * @param held removals that wait for another city
 * @param moves what changes in the routing table if all goes well
 */
public record RoutedBatch(
    SortedMap<City, CityBatch> first, List<HeldRemoval> held, List<Move> moves) {

  /**
   * A document that leaves a city, or may still be in one that is behind.
   *
   * @param from the city to remove it from
   * @param until the city that must have it before
   * @param removal the removal
   */
  public record HeldRemoval(City from, City until, Change.Deletion removal) {}

  /**
   * A document whose place changes.
   *
   * @param key its key
   * @param before the cities that hold it, none for a new one
   * @param to the city that is to hold it; null for a deletion
   */
  public record Move(DocumentKey key, SortedSet<City> before, @Nullable City to) {

    /** Copies the set. */
    public Move {
      before = Collections.unmodifiableSortedSet(new TreeSet<>(before));
    }

    /** The cities that hold it in the end, where these failed to apply what they were given. */
    SortedSet<City> after(Set<City> failedFirst, Set<City> failedInTheEnd) {
      City gaining = to;
      if (gaining != null && failedFirst.contains(gaining)) {
        return before;
      }
      SortedSet<City> after = new TreeSet<>(before);
      after.retainAll(failedInTheEnd);
      if (gaining != null) {
        after.add(gaining);
      }
      return after;
    }
  }

  /** Copies the collections. */
  public RoutedBatch {
    first = Collections.unmodifiableSortedMap(new TreeMap<>(first));
    held = List.copyOf(held);
    moves = List.copyOf(moves);
  }

  /** How many documents change their city. */
  public int moved() {
    return (int)
        moves.stream()
            .filter(move -> move.to() != null && !move.before().isEmpty())
            .filter(move -> !move.before().contains(move.to()))
            .count();
  }

  /** Pairs of cities between which documents have moved, where neither of the two failed. */
  public List<Set<City>> exchanges(Set<City> failed) {
    Set<Set<City>> pairs = new LinkedHashSet<>();
    for (Move move : moves) {
      City gaining = move.to();
      if (gaining == null || failed.contains(gaining)) {
        continue;
      }
      for (City losing : move.before()) {
        if (!losing.equals(gaining) && !failed.contains(losing)) {
          pairs.add(Set.of(gaining, losing));
        }
      }
    }
    return List.copyOf(pairs);
  }

  /** How many documents left each city for another one, where neither of the two failed. */
  public SortedMap<City, Long> departed(Set<City> failed) {
    SortedMap<City, Long> departed = new TreeMap<>();
    for (Move move : moves) {
      City gaining = move.to();
      if (gaining != null && !failed.contains(gaining)) {
        move.before().stream()
            .filter(losing -> !losing.equals(gaining) && !failed.contains(losing))
            .forEach(losing -> departed.merge(losing, 1L, Long::sum));
      }
    }
    return departed;
  }

  /** Cities that removals are held for. */
  public Set<City> losing() {
    Set<City> losing = new TreeSet<>();
    held.forEach(removal -> losing.add(removal.from()));
    return losing;
  }

  /**
   * The held removals that may be applied now that these cities failed; not to those themselves.
   */
  public SortedMap<City, CityBatch> second(Set<City> failed) {
    SortedMap<City, List<Change.Deletion>> removals = new TreeMap<>();
    for (HeldRemoval removal : held) {
      if (!failed.contains(removal.until()) && !failed.contains(removal.from())) {
        removals.computeIfAbsent(removal.from(), city -> new ArrayList<>()).add(removal.removal());
      }
    }
    SortedMap<City, CityBatch> second = new TreeMap<>();
    removals.forEach((city, list) -> second.put(city, new CityBatch(city, List.of(), list)));
    return second;
  }

  /**
   * What changes in the routing table: the cities that hold each document now, none if it is gone.
   *
   * @param failedFirst cities that failed to apply {@link #first}
   * @param failedInTheEnd those and the ones that failed to apply {@link #second}
   */
  public Map<DocumentKey, SortedSet<City>> places(Set<City> failedFirst, Set<City> failedInTheEnd) {
    Map<DocumentKey, SortedSet<City>> places = new HashMap<>();
    for (Move move : moves) {
      SortedSet<City> after = move.after(failedFirst, failedInTheEnd);
      if (!after.equals(move.before())) {
        places.put(move.key(), after);
      }
    }
    return places;
  }
}

package freshet.indexer.schedule;

import freshet.replicator.snapshot.City;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Cities that have exchanged documents since both were published. Where one of them stays as it is
 * published, the others have to as well: else a document that has moved between them would be found
 * twice, or not at all. Not thread-safe.
 */
final class Exchanges {
  private final List<Set<City>> groups = new ArrayList<>();

  /** Notes that documents moved between these cities, or may have. */
  void add(Collection<City> cities) {
    if (cities.size() < 2) {
      return;
    }
    Set<City> group = new TreeSet<>(cities);
    groups.removeIf(other -> other.stream().anyMatch(cities::contains) && isJoined(group, other));
    groups.add(group);
  }

  /** These cities, and all that have exchanged documents with them, directly or through others. */
  SortedSet<City> with(Collection<City> cities) {
    SortedSet<City> all = new TreeSet<>(cities);
    for (Set<City> group : groups) {
      if (group.stream().anyMatch(cities::contains)) {
        all.addAll(group);
      }
    }
    return all;
  }

  /** Forgets the exchanges of all cities but these, which were not published. */
  void publishedAllBut(Collection<City> withheld) {
    groups.removeIf(group -> group.stream().noneMatch(withheld::contains));
  }

  private static boolean isJoined(Set<City> group, Set<City> other) {
    group.addAll(other);
    return true;
  }
}

package freshet.indexer.route;

import freshet.indexer.source.Change;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Sorts a poll's changes by city. Pure but for looking up where documents are.
 *
 * <p>A document that changes its city is added to the new one, and its removal from the old one is
 * held back until that has succeeded. In a city that is behind, every document of the batch that is
 * not its own counts as removed, since it may have missed when that document left.
 */
public final class Router {
  private final Map<DocumentKey, SortedSet<City>> known;
  private final Set<City> behind;
  private final SortedMap<City, List<Change.Upsert>> upserts = new TreeMap<>();
  private final SortedMap<City, List<Change.Deletion>> deletions = new TreeMap<>();
  private final List<RoutedBatch.HeldRemoval> held = new ArrayList<>();
  private final List<RoutedBatch.Move> moves = new ArrayList<>();

  private Router(Map<DocumentKey, SortedSet<City>> known, Set<City> behind) {
    this.known = known;
    this.behind = behind;
  }

  /**
   * Routes changes.
   *
   * @param changes of a poll; where a document occurs twice, the last one counts
   * @param routes where documents are
   * @param behind cities that were left at an older position
   */
  public static RoutedBatch route(List<Change> changes, Routes routes, Set<City> behind)
      throws IOException {
    Map<DocumentKey, Change> last = new LinkedHashMap<>();
    changes.forEach(change -> last.put(change.key(), change));
    Router router = new Router(routes.citiesOf(last.keySet()), behind);
    for (Change change : last.values()) {
      switch (change) {
        case Change.Upsert upsert -> router.add(upsert);
        case Change.Deletion deletion -> router.remove(deletion);
      }
    }
    return router.batch();
  }

  private void add(Change.Upsert upsert) {
    City city = upsert.document().city();
    upserts.computeIfAbsent(city, c -> new ArrayList<>()).add(upsert);
    SortedSet<City> before = before(upsert.key());
    for (City other : union(before)) {
      if (!other.equals(city)) {
        Change.Deletion removal = new Change.Deletion(upsert.key(), upsert.origin());
        held.add(new RoutedBatch.HeldRemoval(other, city, removal));
      }
    }
    if (before.size() != 1 || !before.contains(city)) {
      moves.add(new RoutedBatch.Move(upsert.key(), before, city));
    }
  }

  private void remove(Change.Deletion deletion) {
    SortedSet<City> before = before(deletion.key());
    for (City city : union(before)) {
      deletions.computeIfAbsent(city, c -> new ArrayList<>()).add(deletion);
    }
    if (!before.isEmpty()) {
      moves.add(new RoutedBatch.Move(deletion.key(), before, null));
    }
  }

  private SortedSet<City> before(DocumentKey key) {
    return known.getOrDefault(key, Collections.emptySortedSet());
  }

  private Set<City> union(SortedSet<City> before) {
    if (behind.isEmpty()) {
      return before;
    }
    Set<City> all = new TreeSet<>(before);
    all.addAll(behind);
    return all;
  }

  private RoutedBatch batch() {
    Set<City> cities = new TreeSet<>(upserts.keySet());
    cities.addAll(deletions.keySet());
    SortedMap<City, CityBatch> first = new TreeMap<>();
    for (City city : cities) {
      first.put(
          city,
          new CityBatch(
              city,
              upserts.getOrDefault(city, List.of()),
              deletions.getOrDefault(city, List.of())));
    }
    return new RoutedBatch(first, held, moves);
  }
}

package freshet.indexer.build;

import freshet.indexer.route.RoutingTable;
import freshet.indexer.source.StoredDocuments;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the working indexes hold, found by the routing table, which must be of their last commits.
 *
 * @param routes in which cities a document is
 * @param cities their last commits
 * @param isInStep whether no city waits
 */
public record IndexedDocuments(RoutingTable routes, CityIndexes cities, boolean isInStep)
    implements StoredDocuments {

  /** Of cities that all go on. */
  public IndexedDocuments(RoutingTable routes, CityIndexes cities) {
    this(routes, cities, true);
  }

  @Override
  public Map<DocumentKey, Set<Long>> versions(Collection<DocumentKey> keys) throws IOException {
    Map<City, List<DocumentKey>> byCity = new TreeMap<>();
    routes
        .citiesOf(keys)
        .forEach(
            (key, holders) ->
                holders.forEach(
                    city -> byCity.computeIfAbsent(city, c -> new ArrayList<>()).add(key)));
    Map<DocumentKey, Set<Long>> versions = HashMap.newHashMap(keys.size());
    for (Map.Entry<City, List<DocumentKey>> of : byCity.entrySet()) {
      cities
          .versions(of.getKey(), of.getValue())
          .forEach(
              (key, version) -> versions.computeIfAbsent(key, k -> new TreeSet<>()).add(version));
    }
    return versions;
  }

  @Override
  public List<DocumentKey> keysAfter(DocumentKey after, int limit) throws IOException {
    return routes.keysAfter(after, limit);
  }
}

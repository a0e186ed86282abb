package freshet.indexer.schedule;

import freshet.indexer.route.KeyLookup;
import freshet.indexer.route.RoutingTable;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.swap.NamedCommit;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * Looks where the documents of cities, as an older snapshot has them, are by now. If some cities go
 * back alone and others have their documents, a search over both would find those twice.
 *
 * @param repository that has the older snapshot
 * @param routes where documents are now
 */
record MovedSince(LocalRepository repository, RoutingTable routes) {
  private static final int KEYS_AT_ONCE = 1000;

  /** Cities that now hold documents which these had then, beside these. */
  SortedSet<City> cities(Snapshot old, Set<City> which) throws IOException {
    SortedSet<City> now = new TreeSet<>();
    for (City city : which) {
      CityEntry entry = old.cities().get(city);
      if (entry != null) {
        add(entry, now);
      }
    }
    now.removeAll(which);
    return now;
  }

  private void add(CityEntry entry, Set<City> now) throws IOException {
    String segments = repository.cityManifest(entry).segmentsFile();
    try (Directory directory =
            FSDirectory.open(repository.layout().incarnation(entry.city(), entry.incarnation()));
        DirectoryReader reader = DirectoryReader.open(new NamedCommit(directory, segments))) {
      List<DocumentKey> keys = KeyLookup.after(reader, DocumentKey.EMPTY, KEYS_AT_ONCE);
      while (!keys.isEmpty()) {
        routes.citiesOf(new HashSet<>(keys)).values().forEach(now::addAll);
        keys = KeyLookup.after(reader, keys.getLast(), KEYS_AT_ONCE);
      }
    }
  }
}

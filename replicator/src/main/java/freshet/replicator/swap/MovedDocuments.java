package freshet.replicator.swap;

import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.NoLockFactory;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds, where cities are shown as they were, their documents that another city has by now, and
 * hides those from searches over several cities: each is found once, where it is now. A search in
 * such a city alone sees all of them. Not thread-safe.
 *
 * <p>Only what the city's newest commit lacks can have moved, so that these ids alone are looked
 * up, in each segment elsewhere once. Where that commit can't be read all of its ids are.
 */
final class MovedDocuments {
  private static final Logger LOG = LoggerFactory.getLogger(MovedDocuments.class);

  private final LocalRepository repository;

  /** Of the cities that are shown as they were. */
  private final SortedMap<City, Departures> left = new TreeMap<>();

  MovedDocuments(LocalRepository repository) {
    this.repository = repository;
  }

  /**
   * Readers of cities that have documents which are found elsewhere, without those. The caller
   * closes them.
   *
   * @param newest what the store has; a city is shown as it was if its entry there is another one
   * @param cities all that are shown
   */
  SortedMap<City, IndexReader> hiding(Snapshot newest, SortedMap<City, CityIndex> cities)
      throws IOException {
    follow(newest, cities);
    SortedMap<City, IndexReader> hiding = new TreeMap<>();
    for (Map.Entry<City, Departures> city : left.entrySet()) {
      Set<BytesRef> elsewhere = elsewhere(city.getKey(), city.getValue(), cities);
      if (!elsewhere.isEmpty()) {
        hiding.put(
            city.getKey(), HidingReader.without(elsewhere, city.getValue().index().reader()));
      }
    }
    return hiding;
  }

  /** Compares the cities that are shown as they were with what they are by now. */
  private void follow(Snapshot newest, SortedMap<City, CityIndex> cities) throws IOException {
    SortedMap<City, Departures> before = new TreeMap<>(left);
    left.clear();
    for (CityIndex index : cities.values()) {
      City city = index.entry().city();
      CityEntry newer = newest.cities().get(city);
      if (newer != null && index.entry().hasSameFilesAs(newer)) {
        continue;
      }
      Departures known = before.get(city);
      if (known == null || known.index() != index) {
        known = new Departures(index, newer, gone(index, newer));
      } else if (!known.isAsOf(newer)) {
        known.update(newer, gone(index, newer), segments(cities.values()));
      }
      left.put(city, known);
    }
  }

  private static List<LeafReader> segments(Collection<CityIndex> cities) {
    return cities.stream()
        .flatMap(index -> index.reader().leaves().stream())
        .map(LeafReaderContext::reader)
        .toList();
  }

  /**
   * The ids among those that left a city which are alive in another one. Of two cities that are
   * both shown as they were, the later one by name keeps what both have.
   */
  private Set<BytesRef> elsewhere(
      City from, Departures departures, SortedMap<City, CityIndex> cities) throws IOException {
    Set<BytesRef> elsewhere = new HashSet<>();
    Set<Object> segments = new HashSet<>();
    for (Map.Entry<City, CityIndex> other : cities.entrySet()) {
      if (other.getKey().equals(from)) {
        continue;
      }
      Departures earlier = other.getKey().compareTo(from) < 0 ? left.get(other.getKey()) : null;
      for (LeafReaderContext leaf : other.getValue().reader().leaves()) {
        segments.add(Departures.keyOf(leaf.reader()));
        for (BytesRef id : departures.foundIn(leaf.reader())) {
          boolean isHiddenThere = earlier != null && earlier.includes(id);
          if (!isHiddenThere && Ids.live(leaf.reader(), id) >= 0) {
            elsewhere.add(id);
          }
        }
      }
    }
    departures.forgetAllBut(segments);
    return elsewhere;
  }

  /** Ids of live documents that the newest commit of the city has no more. */
  private Set<BytesRef> gone(CityIndex index, @Nullable CityEntry newer) throws IOException {
    if (newer == null) {
      return Ids.missing(index.reader(), List.of());
    }
    try {
      String segmentsFile = repository.cityManifest(newer).segmentsFile();
      if (newer.incarnation().equals(index.entry().incarnation())) {
        NamedCommit commit = new NamedCommit(index.directory().get(), segmentsFile);
        DirectoryReader changed = DirectoryReader.openIfChanged(index.reader(), commit);
        // The same segments file may stand under another manifest.
        return changed == null ? Set.of() : gone(index, changed);
      }
      Path folder = repository.layout().incarnation(newer.city(), newer.incarnation());
      try (Directory directory = new MMapDirectory(folder, NoLockFactory.INSTANCE)) {
        return gone(index, DirectoryReader.open(new NamedCommit(directory, segmentsFile)));
      }
    } catch (IOException e) {
      LOG.warn(
          "city {} is shown as it was, and what it is by now can't be read: {}",
          newer.city(),
          e.toString());
      return Ids.missing(index.reader(), List.of());
    }
  }

  /** Closes the newer reader. */
  private static Set<BytesRef> gone(CityIndex index, DirectoryReader newer) throws IOException {
    try (newer) {
      return Ids.missing(index.reader(), newer.leaves());
    }
  }
}

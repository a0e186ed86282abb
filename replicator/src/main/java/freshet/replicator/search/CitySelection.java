package freshet.replicator.search;

import freshet.replicator.search.SearchException.UnknownCity;
import freshet.replicator.snapshot.City;
import freshet.replicator.swap.CityIndex;
import freshet.replicator.swap.LiveSnapshot;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.MultiReader;

/** The cities that one search is about, as one reader. Closed before the lease that it is of. */
final class CitySelection implements AutoCloseable {
  private static final int MAX_COMPARED_NAME = 100;

  private final List<City> cities;
  private final int[] firstDocs;
  private final IndexReader reader;
  private final boolean isOwn;

  private CitySelection(
      List<City> cities, Collection<CityIndex> indexes, IndexReader reader, boolean isOwn) {
    this.cities = cities;
    this.reader = reader;
    this.isOwn = isOwn;
    this.firstDocs = new int[cities.size()];
    int next = 0;
    int i = 0;
    for (CityIndex index : indexes) {
      firstDocs[i++] = next;
      next += index.reader().maxDoc();
    }
  }

  /**
   * Chooses cities of a snapshot.
   *
   * @param names none for all; one that is named twice counts once
   */
  static CitySelection of(LiveSnapshot snapshot, List<String> names)
      throws UnknownCity, IOException {
    if (names.isEmpty()) {
      return new CitySelection(
          List.copyOf(snapshot.cities().keySet()),
          snapshot.cities().values(),
          snapshot.allCities(),
          false);
    }
    // By name, so that ties come in one order however the request lists them.
    TreeSet<City> chosen = new TreeSet<>();
    for (String name : names) {
      chosen.add(city(snapshot, name));
    }
    List<City> cities = List.copyOf(chosen);
    List<CityIndex> indexes = cities.stream().map(city -> snapshot.cities().get(city)).toList();
    if (indexes.size() == 1) {
      return new CitySelection(cities, indexes, indexes.getFirst().reader(), false);
    }
    IndexReader[] readers = cities.stream().map(snapshot::amongOthers).toArray(IndexReader[]::new);
    return new CitySelection(cities, indexes, new MultiReader(readers, false), true);
  }

  private static City city(LiveSnapshot snapshot, String name) throws UnknownCity {
    if (City.problemWith(name).isEmpty()) {
      City city = new City(name);
      if (snapshot.cities().containsKey(city)) {
        return city;
      }
    }
    List<String> known = snapshot.cities().keySet().stream().map(City::name).toList();
    String compared = name.substring(0, Math.min(name.length(), MAX_COMPARED_NAME));
    throw new UnknownCity(name, Names.nearest(compared, known, 5));
  }

  IndexReader reader() {
    return reader;
  }

  /** Whose document this is. */
  City cityOf(int doc) {
    int at = Arrays.binarySearch(firstDocs, doc);
    if (at < 0) {
      return cities.get(-at - 2);
    }
    // Cities without documents begin where the next one does: the last of them owns the document.
    while (at + 1 < firstDocs.length && firstDocs[at + 1] == doc) {
      at++;
    }
    return cities.get(at);
  }

  @Override
  public void close() throws IOException {
    if (isOwn) {
      reader.close();
    }
  }
}

package freshet.replicator.pause;

import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a store's slave serves of paused cities: a file for each. Written by pulls, under the
 * store's lock, before they change anything. One counts for as long as its city's pause holds; the
 * files of its commit stay for as long as it is there.
 *
 * @param layout of the store
 */
public record FrozenFolder(RepositoryLayout layout) {

  /** All of them, whether or not their pauses hold. A file that is none is put aside. */
  public SortedMap<City, FrozenCity> read() throws IOException {
    SortedMap<City, FrozenCity> cities = new TreeMap<>();
    for (FrozenCity city : files().read()) {
      cities.put(city.city(), city);
    }
    return cities;
  }

  /** Adds a city, or puts it in the place of the one before. It is on disk when this returns. */
  public void write(FrozenCity city) throws IOException {
    files().write(RecordFiles.nameOf(city.city()), city);
  }

  /** Removes a city durably, if it is there. */
  public void remove(City city) throws IOException {
    files().remove(RecordFiles.nameOf(city));
  }

  private RecordFiles<FrozenCity> files() {
    return new RecordFiles<>(
        layout.frozen(), FrozenCity.class, "what is newest is served of its city");
  }
}

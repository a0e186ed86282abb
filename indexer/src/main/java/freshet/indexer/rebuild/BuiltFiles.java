package freshet.indexer.rebuild;

import freshet.indexer.build.CityFolders;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.RebuiltCities;
import freshet.replicator.snapshot.RebuiltCity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The list of what a rebuild has built, which the master announces to slaves. Its files are
 * digested in the process of the rebuild, so that no cycle reads gigabytes.
 */
final class BuiltFiles {
  private BuiltFiles() {}

  /**
   * Of these indexes, which nobody has open.
   *
   * @param before what was listed last: its files are not read again
   */
  static RebuiltCities of(
      CityFolders folders, SortedMap<City, Incarnation> built, @Nullable RebuiltCities before)
      throws IOException {
    List<RebuiltCity> cities = new ArrayList<>();
    for (Map.Entry<City, Incarnation> city : built.entrySet()) {
      Map<String, FileEntry> known = known(city.getKey(), city.getValue(), before);
      cities.add(
          new RebuiltCity(
              city.getKey(), city.getValue(), folders.segmentFiles(city.getKey(), known)));
    }
    return new RebuiltCities(cities);
  }

  private static Map<String, FileEntry> known(
      City city, Incarnation incarnation, @Nullable RebuiltCities before) {
    return before == null
        ? Map.of()
        : before.cities().stream()
            .filter(one -> one.city().equals(city) && one.incarnation().equals(incarnation))
            .flatMap(one -> one.files().stream())
            .collect(Collectors.toMap(FileEntry::name, Function.identity()));
  }
}

package freshet.indexer.config;

import freshet.indexer.table.CityFilter;
import freshet.replicator.config.ConfigSection;
import freshet.replicator.config.Made;
import freshet.replicator.snapshot.City;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The keys {@code cities} and {@code listed_cities}: which cities are indexed. */
final class CitiesKeys {
  private static final String LIST = "listed_cities";

  private enum Mode {
    AUTO,
    LISTED
  }

  private CitiesKeys() {}

  static Made<CityFilter> read(ConfigSection root) {
    Mode mode = root.choice("cities", Mode.class, Mode.AUTO);
    List<String> names = root.texts(LIST);
    SortedSet<City> listed = new TreeSet<>();
    for (String name : names) {
      Optional<String> problem = City.problemWith(name);
      if (problem.isPresent()) {
        root.problem(LIST, problem.get());
      } else if (!listed.add(new City(name))) {
        root.problem(LIST, "each city once is expected, and '%s' is there twice".formatted(name));
      }
    }
    if (mode == Mode.LISTED && names.isEmpty()) {
      root.problem(
          LIST, "cities: listed needs the names of the cities to be indexed, such as [boston]");
    }
    if (mode == Mode.AUTO && !names.isEmpty()) {
      root.problem(LIST, "only with cities: listed; with auto all cities of the table are indexed");
    }
    return root.make(() -> mode == Mode.LISTED ? CityFilter.of(listed) : CityFilter.ALL);
  }
}

package freshet.indexer.table;

import freshet.replicator.snapshot.City;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which cities are indexed. Names are compared letter by letter, whatever collation the database
 * compares them by.
 *
 * @param listed the cities; null if all are
 */
public record CityFilter(@Nullable SortedSet<City> listed) {
  /** All cities, whatever the table holds. */
  public static final CityFilter ALL = new CityFilter(null);

  /** Copies the set. */
  public CityFilter {
    listed = listed == null ? null : Collections.unmodifiableSortedSet(new TreeSet<>(listed));
  }

  /** These and no other. */
  public static CityFilter of(Collection<City> listed) {
    return new CityFilter(new TreeSet<>(listed));
  }

  /** Whether the documents of a city are indexed. */
  public boolean allows(City city) {
    return listed == null || listed.contains(city);
  }

  /** The same of what a row says, which may be no name that a city can have. */
  boolean allows(String name) {
    return City.problemWith(name).isPresent() || allows(new City(name));
  }

  /** What tells two lists apart; null for all cities. */
  public @Nullable String mark() {
    return listed == null
        ? null
        : listed.stream().map(City::folder).collect(Collectors.joining(","));
  }
}

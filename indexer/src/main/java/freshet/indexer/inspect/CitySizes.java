package freshet.indexer.inspect;

import freshet.indexer.check.CityRows;
import java.util.List;

/**
 * How the rows are spread over the cities.
 *
 * @param largestFirst cities with their rows, as counted
 * @param counted how many rows were looked at; 0 if there was no time for it
 * @param isExact whether those are all rows
 */
public record CitySizes(List<CityRows> largestFirst, long counted, boolean isExact) {
  /** Nothing is known. */
  public static final CitySizes UNKNOWN = new CitySizes(List.of(), 0, false);

  /** Copies the list. */
  public CitySizes {
    largestFirst = List.copyOf(largestFirst);
  }

  static CitySizes of(List<CityRows> largestFirst, long mostRows) {
    long counted = largestFirst.stream().mapToLong(CityRows::rows).sum();
    return new CitySizes(largestFirst, counted, counted < mostRows);
  }

  /** The rows of a city, if the others are spread like those that were counted. */
  public long rowsOf(CityRows city, long allRows) {
    return isExact || counted == 0
        ? city.rows()
        : Math.round((double) city.rows() * allRows / counted);
  }
}

package freshet.replicator.search;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is searched for. Names of fields and cities are checked against the snapshot when it runs.
 *
 * @param query in the classic query syntax; empty for all documents
 * @param cities names of cities; none for all of them
 * @param filters which all must hold
 * @param near a circle; null for none
 * @param sort first criterion first; none for the best match first
 * @param highlight text fields whose passages are shown
 * @param from how many hits are skipped
 * @param size how many hits are returned
 * @param timeout after which what was found so far is returned; null for the default
 */
public record SearchRequest(
    String query,
    List<String> cities,
    List<Filter> filters,
    @Nullable Near near,
    List<SortKey> sort,
    List<String> highlight,
    int from,
    int size,
    @Nullable Duration timeout) {
  /** Hits on a page unless asked otherwise. */
  public static final int DEFAULT_SIZE = 10;

  /** Copies the lists. */
  public SearchRequest {
    cities = List.copyOf(cities);
    filters = List.copyOf(filters);
    sort = List.copyOf(sort);
    highlight = List.copyOf(highlight);
    if (from < 0 || size < 0) {
      throw new IllegalArgumentException("from %d, size %d".formatted(from, size));
    }
  }

  /** A query for the first page, in these cities or, without any, in all. */
  public static SearchRequest of(String query, String... cities) {
    return new SearchRequest(
        query, List.of(cities), List.of(), null, List.of(), List.of(), 0, DEFAULT_SIZE, null);
  }
}

package freshet.replicator.search;

import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Generation;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was found, all of it in one snapshot.
 *
 * @param generation the snapshot
 * @param took searching and reading the hits
 * @param total how many documents match
 * @param hits the asked-for page of them, in order
 * @param isPartial whether the time-out ended it before every document was looked at
 */
public record SearchResult(
    Generation generation, Duration took, Total total, List<Hit> hits, boolean isPartial) {

  /** Copies the list. */
  public SearchResult {
    hits = List.copyOf(hits);
  }

  /**
   * A number of documents.
   *
   * @param value counted
   * @param isExact whether there are no more than that
   */
  public record Total(long value, boolean isExact) {}

  /**
   * A document that matches.
   *
   * @param city whose index it is in
   * @param id its key, for people
   * @param version of the row that it was made of
   * @param score how well it matches; null where hits are ordered by something else
   * @param fields what is stored of it, by name, in the order of the schema
   * @param highlights passages with the matching words in {@code <em>}, the rest escaped for HTML
   */
  public record Hit(
      City city,
      String id,
      Instant version,
      @Nullable Float score,
      Map<String, Object> fields,
      Map<String, String> highlights) {

    /** Copies the maps. */
    public Hit {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
      highlights = Collections.unmodifiableMap(new LinkedHashMap<>(highlights));
    }
  }
}

package freshet.replicator.search;

import java.util.ArrayList;
import java.util.List;

/**
 * One criterion of the order of hits. Hits without a value come last, either way.
 *
 * @param field a sortable field, {@link #SCORE}, {@link #DOC} or {@link #DISTANCE}
 * @param isDescending whether the largest comes first, as is always so for the score
 */
public record SortKey(String field, boolean isDescending) {
  /** Best match first; the default. */
  public static final String SCORE = "_score";

  /** Cities by name, and within a city as indexed. The cheapest order. */
  public static final String DOC = "_doc";

  /** Nearest first, from the point that {@code near} names. */
  public static final String DISTANCE = "_distance";

  /** The order unless another is asked for. */
  public static final SortKey BEST_FIRST = new SortKey(SCORE, true);

  /** Reads {@code price:asc,posted:desc}. */
  static List<SortKey> parse(String text) throws SearchException.BadRequest {
    List<SortKey> keys = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      int colon = part.indexOf(':');
      String field = (colon < 0 ? part : part.substring(0, colon)).strip();
      String usual = field.equals(SCORE) ? "desc" : "asc";
      String direction = colon < 0 ? usual : part.substring(colon + 1).strip();
      boolean isDescending = direction.equals("desc");
      if (field.isEmpty() || !(isDescending || direction.equals("asc"))) {
        throw new SearchException.BadRequest(
            "sort", text, "field:asc or field:desc, separated by commas");
      }
      keys.add(new SortKey(field, isDescending));
    }
    return keys;
  }
}

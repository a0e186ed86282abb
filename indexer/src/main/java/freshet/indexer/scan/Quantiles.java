package freshet.indexer.scan;

import freshet.replicator.snapshot.DocumentKey;
import java.util.ArrayList;
import java.util.List;

/** Cuts a table into ranges of about as many rows. Pure. */
final class Quantiles {
  private Quantiles() {}

  /**
   * Ranges that are together the whole table.
   *
   * @param keys where it may be cut, each once, as the database orders them
   * @param rows between each key and the one before it, about; one for each key
   * @param parts how many ranges there should be; fewer if there are too few keys
   */
  static List<KeyRange> ranges(List<DocumentKey> keys, List<Long> rows, int parts) {
    double share = rows.stream().mapToLong(Long::longValue).sum() / (double) parts;
    List<KeyRange> ranges = new ArrayList<>();
    DocumentKey after = DocumentKey.EMPTY;
    long before = 0;
    // Nothing is known to lie behind the last key.
    for (int i = 0; i + 1 < keys.size(); i++) {
      before += rows.get(i);
      // Cut here if the next key is further away from the quantile.
      double quantile = share * (ranges.size() + 1);
      boolean isNearest = quantile - before <= before + rows.get(i + 1) - quantile;
      if (ranges.size() + 1 < parts && isNearest) {
        ranges.add(new KeyRange(after, keys.get(i)));
        after = keys.get(i);
      }
    }
    ranges.add(new KeyRange(after, DocumentKey.EMPTY));
    return ranges;
  }
}

package freshet.indexer.source;

import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Splits what is looked up into queries of bounded size. */
public final class KeyChunks {
  /** Keys of one look-up. */
  static final int LOOK_UP = 500;

  private KeyChunks() {}

  /** Lists of bounded size. */
  public static <T> List<List<T>> of(List<T> all) {
    return of(all, LOOK_UP);
  }

  static <T> List<List<T>> of(List<T> all, int size) {
    List<List<T>> chunks = new ArrayList<>();
    for (int i = 0; i < all.size(); i += size) {
      chunks.add(all.subList(i, Math.min(all.size(), i + size)));
    }
    return chunks;
  }

  /** Each key once. */
  static List<DocumentKey> keys(List<Cursor> pairs) {
    LinkedHashSet<DocumentKey> keys = new LinkedHashSet<>();
    pairs.forEach(pair -> keys.add(pair.key()));
    return List.copyOf(keys);
  }
}

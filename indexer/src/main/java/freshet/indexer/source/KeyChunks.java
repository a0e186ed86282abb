package freshet.indexer.source;

import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Splits pairs into look-ups of bounded size. */
final class KeyChunks {
  /** Keys of one look-up. */
  static final int LOOK_UP = 500;

  private KeyChunks() {}

  static List<List<Cursor>> of(List<Cursor> pairs) {
    List<List<Cursor>> chunks = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i += LOOK_UP) {
      chunks.add(pairs.subList(i, Math.min(pairs.size(), i + LOOK_UP)));
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

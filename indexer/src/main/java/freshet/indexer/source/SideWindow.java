package freshet.indexer.source;

import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What earlier polls saw of one side table.
 *
 * @param pairs that were read, with all their documents
 * @param unfinished pairs whose documents were more than a batch could hold; null if there are none
 */
public record SideWindow(PairWindow pairs, @Nullable Unfinished unfinished) {
  /** Nothing was seen. */
  public static final SideWindow UNSEEN = new SideWindow(PairWindow.UNSEEN, null);

  /**
   * Pairs of which some documents were read.
   *
   * @param pairs in keyset order
   * @param after their documents up to this key were read; the empty key if none
   * @param horizon of the poll that read the first of them
   */
  public record Unfinished(List<Cursor> pairs, DocumentKey after, long horizon) {
    /** Copies the list. */
    public Unfinished {
      pairs = List.copyOf(pairs);
    }
  }
}

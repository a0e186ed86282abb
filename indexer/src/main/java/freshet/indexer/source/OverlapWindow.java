package freshet.indexer.source;

import java.util.Map;

/**
 * What earlier polls saw of the stretch before the cursors that is looked at again. A value: the
 * cycle keeps the one of its last batch that was published, and throws it away when anything
 * failed, so that nothing counts as seen that is not in a published index.
 *
 * @param changes of the documents' table
 * @param deletions of the tombstones
 * @param sides of each side table, by its name
 */
public record OverlapWindow(
    PairWindow changes, PairWindow deletions, Map<String, SideWindow> sides) {
  /** Nothing was seen: everything in the overlap is read again, and dropped where it is equal. */
  public static final OverlapWindow UNSEEN =
      new OverlapWindow(PairWindow.UNSEEN, PairWindow.UNSEEN, Map.of());

  /** Copies the map. */
  public OverlapWindow {
    sides = Map.copyOf(sides);
  }

  /** How many pairs are held. */
  public int pairs() {
    return changes.seen().size()
        + deletions.seen().size()
        + sides.values().stream().mapToInt(side -> side.pairs().seen().size()).sum();
  }
}

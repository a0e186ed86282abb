package freshet.indexer.source;

/**
 * What earlier polls saw of the stretch before the cursors that is looked at again. A value: the
 * cycle keeps the one of its last batch that was published, and throws it away when anything
 * failed, so that nothing counts as seen that is not in a published index.
 *
 * @param changes of the documents' table
 * @param deletions of the tombstones
 */
public record OverlapWindow(PairWindow changes, PairWindow deletions) {
  /** Nothing was seen: everything in the overlap is read again, and dropped where it is equal. */
  public static final OverlapWindow UNSEEN =
      new OverlapWindow(PairWindow.UNSEEN, PairWindow.UNSEEN);
}

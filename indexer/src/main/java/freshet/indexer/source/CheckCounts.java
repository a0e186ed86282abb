package freshet.indexer.source;

/**
 * Figures of what a poll compared beyond what changed.
 *
 * @param sweptPairs pairs behind the overlap that were compared
 * @param sweepRescued documents that were indexed because of that
 * @param diffKeys keys that an id diff compared
 * @param diffFound documents that it found to differ
 */
public record CheckCounts(int sweptPairs, int sweepRescued, long diffKeys, long diffFound) {
  /** Nothing was compared. */
  public static final CheckCounts NONE = new CheckCounts(0, 0, 0, 0);
}

package freshet.indexer.source;

/** Why all keys are compared, the lightest reason first. */
public enum DiffReason {
  /** Its time has come. */
  SCHEDULE(false, "on schedule"),
  /** Tombstones may have been purged before they were read. */
  PURGED_TOMBSTONES(
      true, "deletions are not known for longer than tombstones are kept: some may be purged"),
  /** The server lacks transactions that were read from another one. */
  LOST_TRANSACTIONS(true, "the server has lost transactions that are indexed");

  private final boolean gates;
  private final String why;

  DiffReason(boolean gates, String why) {
    this.gates = gates;
    this.why = why;
  }

  /** Whether a diff for the other reason has to begin anew for this one. */
  boolean outweighs(DiffReason other) {
    return compareTo(other) > 0;
  }

  /** Whether nothing may be called complete before it has ended. */
  boolean gates() {
    return gates;
  }

  /** In words. */
  String why() {
    return why;
  }
}

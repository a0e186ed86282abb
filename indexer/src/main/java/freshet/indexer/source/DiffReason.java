package freshet.indexer.source;

/** Why all keys are compared, the lightest reason first. */
public enum DiffReason {
  /** Its time has come. */
  SCHEDULE(false, "on schedule"),
  /** Other cities are indexed than when keys were compared last. */
  LISTED_CITIES(true, "the list of cities has changed"),
  /** Tombstones may have been purged before they were read. */
  PURGED_TOMBSTONES(
      true, "deletions are not known for longer than tombstones are kept: some may be purged"),
  /** The server lacks transactions that were read from another one. */
  LOST_TRANSACTIONS(true, "the server has lost transactions that are indexed"),
  /** Versions have decided for a while which reads count. */
  CHANGED_SERVER(true, "the server has changed, and there is no GTID");

  private final boolean gates;
  private final String why;

  DiffReason(boolean gates, String why) {
    this.gates = gates;
    this.why = why;
  }

  /** Whether a diff for the other reason has to begin anew for this one. */
  boolean outweighs(DiffReason other) {
    // Each change of servers is another one.
    return compareTo(other) > 0 || this == CHANGED_SERVER;
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

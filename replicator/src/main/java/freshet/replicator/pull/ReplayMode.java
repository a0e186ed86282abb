package freshet.replicator.pull;

/** When a merged segment is merged here instead of being fetched. */
public enum ReplayMode {
  /** When it saves most of its bytes and is, as measured, the quicker way. */
  AUTO,
  /** Whenever it can be, and saves bytes. */
  ALWAYS,
  /** Never. */
  NEVER
}

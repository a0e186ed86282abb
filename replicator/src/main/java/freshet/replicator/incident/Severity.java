package freshet.replicator.incident;

/** Whether somebody has to get up; the worse comes first. */
public enum Severity {
  /** What is served grows old, or will. */
  CRITICAL,
  /** Somebody should look at it by day. */
  WARNING
}

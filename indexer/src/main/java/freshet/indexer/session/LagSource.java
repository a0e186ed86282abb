package freshet.indexer.session;

/** How a poll learns how far the server is behind its source. */
public sealed interface LagSource {

  /** {@code SHOW REPLICA STATUS}; whole seconds, and 0 while the source is frozen. */
  record ReplicaStatus() implements LagSource {}

  /**
   * A row that is written on the source every second or so.
   *
   * @param table the table; its newest row counts
   * @param column DATETIME or TIMESTAMP in UTC
   */
  record Heartbeat(String table, String column) implements LagSource {}

  /** The server is the source itself. */
  record NotReplicated() implements LagSource {}
}

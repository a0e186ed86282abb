package freshet.indexer.scan;

/** Why a scan does not read on at once. */
public enum WaitReason {
  /** It has read as many rows as it may. */
  ROWS_PER_SECOND,
  /** The replica is too far behind, or nobody knows how far. */
  REPLICA_LAG,
  /** Too many threads of the server are at work. */
  THREADS_RUNNING,
  /** The server can't be read from, or has not said yet how it is. */
  SERVER
}

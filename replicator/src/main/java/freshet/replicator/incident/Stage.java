package freshet.replicator.incident;

/** Where on the way of the data something is wrong, in the order of that way. */
public enum Stage {
  /** From the source of the database to the replica that is polled. */
  REPLICATION,
  /** Reading the database. */
  POLL,
  /** Sorting, indexing, committing. */
  BUILD,
  /** Moving LATEST. */
  PUBLISH,
  /** From the repository to a slave. */
  PULL,
  /** What queries see. */
  SERVE
}

package freshet.indexer.doctor;

/** Whom a finding is for. */
public enum Party {
  /** What lies between the two hosts. */
  NETWORK,
  /** The database server, its host, its load. */
  SERVER,
  /** The way of the data from the source to a replica. */
  REPLICATION,
  /** What is configured, here or there. */
  CONFIGURATION,
  /** A client: this host, or another one that connects as well. */
  CLIENT
}

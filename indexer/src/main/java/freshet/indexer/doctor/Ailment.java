package freshet.indexer.doctor;

/** The families of findings, each with its heading in docs/troubleshooting.md. */
public enum Ailment {
  /** A name is looked up slowly. */
  NAME_SLOW("What if names are looked up slowly?"),
  /** TCP takes long, or a SYN was lost. */
  TCP_SLOW("What if TCP connects slowly or packets are lost?"),
  /** TCP is fast, the server's first byte is not. */
  GREETING_SLOW("What if the server's greeting comes late?"),
  /** TLS, authentication or the first statements take long. */
  AUTHENTICATION_SLOW("What if authentication takes long?"),
  /** Connects fail. */
  CONNECTS_FAIL("What if the master can't read the database?"),
  /** The server counts broken connections. */
  ABORTED("What if Aborted_connects or Aborted_clients grows?"),
  /** Most of the connections are in use. */
  CONNECTIONS_USED("What if the server runs out of connections?"),
  /** A replica stands still or is late. */
  REPLICATION_LATE("What if replication stands still or lags?"),
  /** A server's role is not what is configured. */
  ROLE("What if a replica accepts writes, or a source does not?"),
  /** Clocks differ. */
  CLOCK("What if the clocks of master and database differ?"),
  /** Something is not as polls need it. */
  CHECK("What if check-config has findings?"),
  /** The doctor may not look at something. */
  UNSEEN("What if doctor may not see everything?"),
  /** This host allows too little. */
  HOST_LIMITS("What if this host allows too few open files?");

  private final String heading;

  Ailment(String heading) {
    this.heading = heading;
  }

  /** Where docs/troubleshooting.md goes on. */
  public String heading() {
    return heading;
  }
}

package freshet.indexer.connect;

/** The phases of a connect, in their order. */
public enum ConnectPhase {
  /** The host's name is looked up. */
  RESOLVE("looking up the name"),
  /** TCP connects. */
  TCP("connecting TCP"),
  /** The server, which speaks first, is to send its greeting. */
  GREETING("waiting for the server's greeting"),
  /** TLS is negotiated. */
  TLS("negotiating TLS"),
  /** Account and password are checked. */
  AUTHENTICATION("authenticating"),
  /** The driver's and our first statements run. */
  SESSION("setting up the session");

  private final String words;

  ConnectPhase(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}

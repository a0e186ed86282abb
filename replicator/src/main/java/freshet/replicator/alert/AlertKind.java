package freshet.replicator.alert;

/** What can be wrong, each with its next step. */
public enum AlertKind {
  /** What is served is older than it may be. */
  AGE_ABOVE_LIMIT("bin/replicator status", "What if a slave's age is above its limit?"),
  /** How old what is served is can't be told. */
  AGE_UNKNOWN("bin/replicator status", "What if a slave's age is unknown?"),
  /** What the master offers is refused. */
  PULL_REFUSED("bin/replicator pull", "What if a pull is refused?");

  private final String nextCommand;
  private final String docsHeading;

  AlertKind(String nextCommand, String docsHeading) {
    this.nextCommand = nextCommand;
    this.docsHeading = docsHeading;
  }

  /** What to run first. */
  public String nextCommand() {
    return nextCommand;
  }

  /** Where docs/troubleshooting.md goes on. */
  public String docsHeading() {
    return docsHeading;
  }
}

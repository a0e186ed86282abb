package freshet.replicator.repository;

/** Why a snapshot stays. */
public enum Why {
  LATEST("LATEST names it", true),
  AHEAD("it is just being published, or pulled", true),
  PINNED("pinned", true),
  LEASED("somebody is fetching it", true),
  AWAITED("a server has just begun, and whoever was fetching it may come back", true),
  NEWEST("one of the newest", false),
  RECENT("the newest one within keep_for", false),
  HOURLY("the first of its hour", false),
  DAILY("the first of its day", false),
  BASE("others stand on it", false);

  private final String text;
  private final boolean isFirm;

  Why(String text, boolean isFirm) {
    this.text = text;
    this.isFirm = isFirm;
  }

  /** The reason in words. */
  public String text() {
    return text;
  }

  /** Whether it stays however large the repository is. */
  boolean isFirm() {
    return isFirm;
  }
}

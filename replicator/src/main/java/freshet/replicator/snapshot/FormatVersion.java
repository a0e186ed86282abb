package freshet.replicator.snapshot;

/** The versions of the repository format that this build writes and reads. */
public final class FormatVersion {
  /** What this build writes. */
  public static final int CURRENT = 1;

  /** The oldest reader that understands what this build writes. */
  public static final int MIN_READER = 1;

  private FormatVersion() {}
}

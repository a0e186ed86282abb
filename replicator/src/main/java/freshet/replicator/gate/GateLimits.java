package freshet.replicator.gate;

/**
 * When a drop is not plausible.
 *
 * @param maxDropPercent a city may lose this share of its documents, 0 to 100
 * @param maxDropDocuments or this many, whichever is more
 * @param maxHeldCities if more than these fail at one time, nothing at all is published
 */
public record GateLimits(int maxDropPercent, long maxDropDocuments, int maxHeldCities) {
  /** 20 %, 1,000 documents, 10 cities. */
  public static final GateLimits DEFAULT = new GateLimits(20, 1000, 10);

  private static final int ALL_PERCENT = 100;

  /** Checks the ranges. */
  public GateLimits {
    if (maxDropPercent < 0 || maxDropPercent > ALL_PERCENT) {
      throw new IllegalArgumentException(
          "a share from 0 to 100 percent is expected, not " + maxDropPercent);
    }
    if (maxDropDocuments < 0 || maxHeldCities < 0) {
      throw new IllegalArgumentException(
          "no documents or cities below 0 are expected, not %d and %d"
              .formatted(maxDropDocuments, maxHeldCities));
    }
  }

  /** Whether a city that should have one number of documents may not have the other. */
  boolean isBroken(long documents, long expected) {
    long lost = expected - documents;
    return lost > maxDropDocuments && lost > expected / (double) ALL_PERCENT * maxDropPercent;
  }
}

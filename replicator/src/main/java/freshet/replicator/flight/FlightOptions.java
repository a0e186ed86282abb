package freshet.replicator.flight;

/**
 * What the recorder may take of the disk.
 *
 * @param maxRecordings beyond which the oldest go
 * @param maxBytes of all recordings together, beyond which the oldest go
 * @param maxLogBytes of the log of failures, of which the older half goes
 */
public record FlightOptions(int maxRecordings, long maxBytes, long maxLogBytes) {
  /** Some days of a master that fails all the time, some months of one that fails now and then. */
  public static final FlightOptions DEFAULT = new FlightOptions(1_000, 32L << 20, 16L << 20);

  /** Refuses bounds that hold nothing. */
  public FlightOptions {
    if (maxRecordings < 1 || maxBytes < 1 || maxLogBytes < 1) {
      throw new IllegalArgumentException(
          "bounds above zero are expected, found %d recordings, %d bytes, %d bytes of log"
              .formatted(maxRecordings, maxBytes, maxLogBytes));
    }
  }
}

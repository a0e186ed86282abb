package freshet.replicator.app;

import freshet.replicator.config.ConfigSection;
import freshet.replicator.config.Made;
import freshet.replicator.flight.FlightOptions;

/** Reads the section {@code flight} of either role. */
public final class FlightSection {
  private static final int MOST_RECORDINGS = 100_000;
  private static final long LEAST_BYTES = 64L << 10;

  private FlightSection() {}

  /** Everything of it. */
  public static Made<FlightOptions> read(ConfigSection flight) {
    FlightOptions otherwise = FlightOptions.DEFAULT;
    int recordings = flight.number("max_recordings", otherwise.maxRecordings(), 1, MOST_RECORDINGS);
    long bytes = flight.size("max_size", otherwise.maxBytes(), LEAST_BYTES);
    long log = flight.size("max_log_size", otherwise.maxLogBytes(), LEAST_BYTES);
    return flight.make(() -> new FlightOptions(recordings, bytes, log));
  }
}

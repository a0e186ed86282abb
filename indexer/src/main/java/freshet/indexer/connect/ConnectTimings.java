package freshet.indexer.connect;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How long the phases of one connect took.
 *
 * @param phases those that were entered; the last one may have been left by a failure
 */
public record ConnectTimings(Map<ConnectPhase, Duration> phases) {

  /** Copies the map. */
  public ConnectTimings {
    EnumMap<ConnectPhase, Duration> copy = new EnumMap<>(ConnectPhase.class);
    copy.putAll(phases);
    phases = Collections.unmodifiableMap(copy);
  }

  /** All phases together. */
  public Duration total() {
    return phases.values().stream().reduce(Duration.ZERO, Duration::plus);
  }
}

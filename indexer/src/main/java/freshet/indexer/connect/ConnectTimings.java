package freshet.indexer.connect;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
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

  /**
   * What a way that is slow shows in: the parts of a connect that succeeded in which something was
   * sent and answered. A proxy may accept a connection by itself, so that TCP and the greeting are
   * one; and a name is looked up elsewhere.
   */
  public List<Duration> roundTrips() {
    Map<ConnectPhase, Duration> trips = new EnumMap<>(phases);
    trips.remove(ConnectPhase.RESOLVE);
    Duration tcp = trips.remove(ConnectPhase.TCP);
    if (tcp != null) {
      trips.merge(ConnectPhase.GREETING, tcp, Duration::plus);
    }
    return List.copyOf(trips.values());
  }
}

package freshet.replicator.flight;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connect to a database.
 *
 * @param at when it ended, by this host's clock
 * @param endpoint of the server
 * @param phases how long each one took that was entered, in their order
 * @param failedIn the phase in which it failed; null if it did not
 */
public record Connect(
    Instant at, String endpoint, Map<String, Duration> phases, @Nullable String failedIn) {
  /** Copies the map, with its order. */
  public Connect {
    phases = Collections.unmodifiableMap(new LinkedHashMap<>(phases));
  }
}

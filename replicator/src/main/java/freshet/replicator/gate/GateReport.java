package freshet.replicator.gate;

import freshet.replicator.snapshot.City;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the gate says of a publication.
 *
 * @param held the candidates that stay as they are published, and why
 * @param whole why nothing at all may be published; null if the others may
 */
public record GateReport(SortedMap<City, HeldCity> held, @Nullable String whole) {
  /** Copies the map. */
  public GateReport {
    held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
  }
}

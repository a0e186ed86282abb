package freshet.replicator.pause;

import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What stands still.
 *
 * @param whole the pause of everything; null if there is none
 * @param cities the pauses of single cities
 */
public record Pauses(@Nullable Pause whole, SortedMap<City, Pause> cities) {
  /** Nothing does. */
  public static final Pauses NONE = new Pauses(null, Collections.emptySortedMap());

  /** Copies the map. */
  public Pauses {
    cities = Collections.unmodifiableSortedMap(new TreeMap<>(cities));
  }

  /** Those that have not ended by themselves yet. */
  public Pauses at(Instant now) {
    SortedMap<City, Pause> held = new TreeMap<>(cities);
    held.values().removeIf(pause -> !pause.holds(now));
    return new Pauses(whole != null && whole.holds(now) ? whole : null, held);
  }

  /** How long until nothing stands still any more; zero if nothing does. */
  public Duration remaining(Instant now) {
    return all()
        .map(pause -> Duration.between(now, pause.until()))
        .filter(Duration::isPositive)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /** All of them. */
  public Stream<Pause> all() {
    return Stream.concat(Stream.ofNullable(whole), cities.values().stream());
  }
}

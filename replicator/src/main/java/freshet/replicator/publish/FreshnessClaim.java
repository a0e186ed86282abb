package freshet.replicator.publish;

import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CycleTimes;
import freshet.replicator.snapshot.DatabaseClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How fresh the cities are, as a cycle knows. A claim only ever raises what was claimed before for
 * the same or older files: null means "nothing new is known", and takes nothing back.
 *
 * @param readThrough up to when on the database's clock every city is complete that is no
 *     exception; null if unknown
 * @param exceptions cities that are behind, and up to when they are complete; null: unknown
 * @param clock the database's clock as the master knows it; null before the first poll
 * @param times how the cycle spent its time; null before the first cycle
 */
public record FreshnessClaim(
    @Nullable Instant readThrough,
    Map<City, @Nullable Instant> exceptions,
    @Nullable DatabaseClock clock,
    @Nullable CycleTimes times) {
  /** Nothing is known. */
  public static final FreshnessClaim NONE = new FreshnessClaim(null, Map.of(), null, null);

  /** Copies the map. */
  public FreshnessClaim {
    exceptions = Collections.unmodifiableMap(new TreeMap<>(exceptions));
  }

  /** The same, with what publishing really took. */
  FreshnessClaim publishedFor(Duration publish) {
    if (times == null) {
      return this;
    }
    CycleTimes measured =
        new CycleTimes(
            times.pollStarted(), times.replicaLag(), times.poll(), times.build(), publish);
    return new FreshnessClaim(readThrough, exceptions, clock, measured);
  }
}

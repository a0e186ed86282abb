package freshet.indexer.demo.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a slave says of itself.
 *
 * @param generation that it serves; null before the first
 * @param documents that it serves
 * @param age of its oldest city; null if unknown
 * @param stages what the age is made of, in the order of the way
 * @param readThrough up to when on the database's clock its oldest city is complete; null if never
 * @param waitsFor what it waits for, in words
 */
public record SlaveState(
    @Nullable String generation,
    long documents,
    @Nullable Duration age,
    Map<String, Duration> stages,
    @Nullable Instant readThrough,
    String waitsFor) {

  /** Copies the map. */
  public SlaveState {
    stages = Collections.unmodifiableMap(new LinkedHashMap<>(stages));
  }
}

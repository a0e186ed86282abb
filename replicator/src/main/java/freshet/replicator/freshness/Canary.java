package freshet.replicator.freshness;

import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A document whose row somebody's own job writes again and again with the database's time, and that
 * a slave searches for: what it finds is as old as everything on the way made it.
 *
 * @param id its key, as people type it
 * @param city that it is in; null if all are searched
 * @param field of type date that holds the time; null if that is the version of the row
 * @param every how often the row is written
 */
public record Canary(String id, @Nullable City city, @Nullable String field, Duration every) {

  /** Refuses one that is never written. */
  public Canary {
    if (!every.isPositive()) {
      throw new IllegalArgumentException("a canary that is written every " + every);
    }
  }

  /** What a search for it found. */
  public sealed interface Sighting {}

  /**
   * It is there.
   *
   * @param written when its row was written, by the database's clock
   */
  public record Seen(Instant written) implements Sighting {}

  /**
   * It is not there, or tells no time.
   *
   * @param why for people, with what would be right
   */
  public record Unseen(String why) implements Sighting {}

  /** Such as {@code document 0 of city heartbeat}. */
  @Override
  public String toString() {
    return city == null ? "document " + id : "document %s of city %s".formatted(id, city);
  }
}

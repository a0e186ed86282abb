package freshet.replicator.snapshot;

import java.time.Duration;
import java.time.Instant;

/**
 * What a master knows of the database's clock, from a round trip.
 *
 * @param offset database minus master, as measured
 * @param uncertainty the offset is right within plus or minus this: half of the round trip, and the
 *     resolution of the clock that was read
 */
public record DatabaseClock(Duration offset, Duration uncertainty) {

  /** The latest that the database's clock can show when the master's shows this. */
  public Instant latestAt(Instant masterNow) {
    return masterNow.plus(offset).plus(uncertainty);
  }
}

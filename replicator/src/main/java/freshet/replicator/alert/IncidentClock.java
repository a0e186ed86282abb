package freshet.replicator.alert;

import freshet.replicator.runtime.Time;
import java.time.Duration;
import java.time.Instant;

/**
 * The clock of the incidents: runs as the monotonic one does, and tells when the wall clock was
 * set, so that nothing seems to have lasted for longer or for less by that. It follows the wall
 * clock all the same: whatever is looked at was stamped by that one, and an hour between them would
 * make every slave seem silent, or none. Used by one thread at a time.
 */
final class IncidentClock {
  /** Less is slewing, or a thread that had to wait between two readings. */
  private static final Duration LEAST = Duration.ofSeconds(1);

  private final Time time;
  private Instant wall;
  private long nanos;

  /** Begins with what the wall clock says. */
  IncidentClock(Time time) {
    this.time = time;
    this.wall = time.now();
    this.nanos = time.nanoTime();
  }

  /** By how much the wall clock was set since the last call, ahead or back; zero if it was not. */
  Duration step() {
    Instant expected = now();
    Instant found = time.now();
    Duration step = Duration.between(expected, found);
    if (step.abs().compareTo(LEAST) < 0) {
      return Duration.ZERO;
    }
    wall = found;
    nanos = time.nanoTime();
    return step;
  }

  /** As of the last {@link #step}. */
  Instant now() {
    return wall.plus(time.since(nanos));
  }
}

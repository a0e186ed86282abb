package freshet.replicator.freshness;

import freshet.replicator.snapshot.DatabaseClock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The latest that the database's clock can show, and what that was concluded from.
 *
 * @param latest the bound
 * @param at when it held
 * @param basis the estimate of the master's clock that it stands on; null if it stands on this
 *     host's wall clock and the configured skew
 */
public record DatabaseTime(Instant latest, ClockReading at, @Nullable ClockEstimate basis) {

  /**
   * The bound for now: the largest of what the clocks allow, since the wall clock may have stepped
   * back, and the monotonic one stands still while a host is suspended.
   *
   * @param previous the bound at the last look, which this one is never below, less what passed,
   *     unless a new estimate of the master's clock is there to correct it
   * @param maxSkew by how much this host's wall clock may be behind the database's
   */
  static DatabaseTime estimate(
      @Nullable DatabaseTime previous,
      ServedState served,
      @Nullable ClockEstimate master,
      Duration maxSkew,
      ClockReading now) {
    DatabaseClock clock = served.advertisement().clock();
    DatabaseClock database = clock == null ? new DatabaseClock(Duration.ZERO, maxSkew) : clock;
    // The database showed at least this when the advertisement was written.
    Instant latest =
        grown(database.latestAt(served.advertisement().advertisedAt()), served.heardAt(), now);
    if (master == null) {
      latest = later(latest, grown(served.heardAt().wall().plus(maxSkew), served.heardAt(), now));
      latest = later(latest, now.wall().plus(maxSkew));
    } else {
      Instant measured = database.latestAt(master.latestAt(master.at().wall()));
      latest = later(latest, grown(measured, master.at(), now));
      latest = later(latest, database.latestAt(master.latestAt(now.wall())));
    }
    if (previous != null && (master == null || master.equals(previous.basis))) {
      latest = later(latest, grown(previous.latest, previous.at, now));
    }
    return new DatabaseTime(latest, now, master);
  }

  private static Instant grown(Instant then, ClockReading at, ClockReading now) {
    Duration elapsed = now.since(at);
    return then.plus(elapsed).plus(ClockEstimate.drift(elapsed));
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}

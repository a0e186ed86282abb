package freshet.indexer.source;

import freshet.indexer.table.WallClock;
import freshet.replicator.snapshot.SourcePosition;
import java.time.Duration;

/** Checks of a poll that never compare anything, for tests of the other phases. */
final class NoChecks {
  private static final Duration NEVER = CheckOptions.NEVER;

  private NoChecks() {}

  static Checks of(SourcePosition from, WindowRules rules, PollReads reads) {
    CheckOptions options = new CheckOptions(NEVER, Duration.ofNanos(1_000), NEVER, NEVER);
    DiffSchedule schedule = new DiffSchedule(NEVER, NEVER, false, WallClock.UTC, null);
    PollPoint point = new PollPoint(from, rules.horizon(), true, false);
    return new Checking(options, schedule)
        .begin(point, rules, rules, reads, true, new VolatileMemory().read());
  }
}

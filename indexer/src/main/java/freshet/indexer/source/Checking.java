package freshet.indexer.source;

import freshet.replicator.snapshot.Cursor;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** What the checks of one poll after the other share. Used by one thread at a time. */
final class Checking {
  private final CheckOptions options;
  private final DiffSchedule schedule;
  private final SweepNotes documents = new SweepNotes();
  private final SweepNotes tombstones = new SweepNotes();
  private final DiffTalk talk = new DiffTalk();

  Checking(CheckOptions options, DiffSchedule schedule) {
    this.options = options;
    this.schedule = schedule;
  }

  /** When all keys are compared. */
  DiffSchedule schedule() {
    return schedule;
  }

  /**
   * The checks of a poll.
   *
   * @param changes by which rules it reads documents
   * @param deletions by which it reads tombstones; null if there are none
   * @param wasLost whether the last poll's batch may not have been published
   */
  Checks begin(
      PollPoint point,
      WindowRules changes,
      @Nullable WindowRules deletions,
      PollReads reads,
      boolean wasLost,
      Remembered before) {
    if (wasLost) {
      documents.takeClaimed();
      tombstones.takeClaimed();
    }
    RowCheck rows = new RowCheck(reads.reader(), reads.stored(), reads.draft());
    Sweep ofDocuments =
        new Sweep(false, reads.reader()::pairs, changes, point.from().changes(), rows, documents);
    Sweep ofTombstones =
        deletions == null
            ? null
            : new Sweep(
                true,
                reads.reader()::tombstones,
                deletions,
                point.from().deletions(),
                rows,
                tombstones);
    boolean isFirstLoad = point.from().changes().equals(Cursor.START) && reads.isIndexEmpty();
    Duration overlap = Duration.of(changes.overlap(), ChronoUnit.MICROS);
    return new Checks(
        schedule,
        point,
        new SweepRun(options, overlap, point, ofDocuments, ofTombstones, reads.draft()),
        new DiffRun(
            schedule, point, new IdDiff(reads.reader(), reads.stored(), rows), reads.draft(), talk),
        before,
        isFirstLoad,
        reads.stored().isInStep());
  }
}

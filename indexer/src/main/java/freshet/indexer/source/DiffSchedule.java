package freshet.indexer.source;

import freshet.indexer.table.WallClock;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.SourcePosition;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When all keys are compared, and up to when deletions are known without that. Pure; points in time
 * in microseconds on the database's clock.
 *
 * @param every how often in any case
 * @param keptFor how long tombstones live; null if there are none
 * @param leavesNoTrace whether a deletion shows in nothing but the diff: there are no tombstones,
 *     and no expression that says which rows are to be searched
 * @param clock by which tombstones are stamped
 * @param cities which cities are indexed; null if all are
 */
record DiffSchedule(
    Duration every,
    @Nullable Duration keptFor,
    boolean leavesNoTrace,
    WallClock clock,
    @Nullable String cities) {

  /** How a source's deletions are noted. */
  static DiffSchedule of(SourceOptions options) {
    return new DiffSchedule(
        options.checks().diffEvery(),
        options.tombstones() == null ? null : options.tombstones().keptFor(),
        options.tombstones() == null && options.table().searchableIf() == null,
        options.tombstones() == null ? WallClock.UTC : options.tombstones().version().clock(),
        options.cities().mark());
  }

  /** Up to when deletions are known; null if that is unknown. */
  @Nullable Long deletionsThrough(SourcePosition from, Remembered remembered) {
    Remembered.DeletionsKnown known = remembered.deletions();
    Long through = known != null && known.holdsFrom(from) ? (Long) known.through() : null;
    if (keptFor == null) {
      return through;
    }
    long read =
        from.deletions().equals(Cursor.START)
            ? Long.MIN_VALUE
            : clock.first(from.deletions().version());
    return through == null ? (Long) read : (Long) Math.max(read, through);
  }

  /** Why all keys are to be compared now; empty if they need not be. */
  Optional<DiffReason> due(PollPoint point, Remembered remembered) {
    if (point.hasLostTransactions()) {
      return Optional.of(DiffReason.LOST_TRANSACTIONS);
    }
    if (remembered.hasVersionOrderEnded(point.horizon())) {
      return Optional.of(DiffReason.CHANGED_SERVER);
    }
    long now = point.horizon();
    boolean isLagKnown = point.isLagKnown();
    Long through = deletionsThrough(point.from(), remembered);
    Long last = remembered.diff().last();
    boolean isTime = last != null && (now - last >= micros(every) || now < last);
    boolean isPurged = keptFor != null && (through == null || through < now - micros(keptFor));
    // Where the lag is unknown a diff proves nothing, and would be due for ever.
    if (isPurged && (isLagKnown || last == null || isTime)) {
      return Optional.of(DiffReason.PURGED_TOMBSTONES);
    }
    if (!Objects.equals(cities, remembered.cities())) {
      return Optional.of(DiffReason.LISTED_CITIES);
    }
    boolean isFirst = leavesNoTrace && (last == null || (isLagKnown && through == null));
    return isFirst || isTime ? Optional.of(DiffReason.SCHEDULE) : Optional.empty();
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }
}

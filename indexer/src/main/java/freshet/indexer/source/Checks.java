package freshet.indexer.source;

import freshet.indexer.session.SourceException;
import freshet.indexer.source.Remembered.DeletionsKnown;
import freshet.replicator.snapshot.Cursor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one poll compares of the table and the index once it has read all that is new: sweep and id
 * diff, each for a bounded number of pages. An index that can't be read fails no poll: it is
 * compared later.
 */
final class Checks {
  private static final Logger LOG = LoggerFactory.getLogger(Checks.class);

  /** How long quiet tombstones are vouched for without writing that down again. */
  private static final Duration LONGEST_UNSAID = Duration.ofHours(1);

  private final DiffSchedule schedule;
  private final PollPoint point;
  private final SweepRun sweep;
  private final DiffRun diff;
  private final boolean isInStep;
  private final List<Finding> findings = new ArrayList<>();
  private Remembered remembered;

  /**
   * One poll's.
   *
   * @param before what earlier polls left
   * @param isFirstLoad whether nothing is indexed yet
   * @param isInStep whether the index is kept in step with the table; else it is compared later
   */
  Checks(
      DiffSchedule schedule,
      PollPoint point,
      SweepRun sweep,
      DiffRun diff,
      Remembered before,
      boolean isFirstLoad,
      boolean isInStep) {
    this.schedule = schedule;
    this.point = point;
    this.sweep = sweep;
    this.diff = diff;
    this.isInStep = isInStep;
    this.remembered = diff.begin(before, isFirstLoad);
  }

  /**
   * Compares. Called once, when the poll has reached its end.
   *
   * @param areTombstonesQuiet whether no tombstone lies behind the cursor that the poll resumed at
   */
  void run(boolean areTombstonesQuiet) throws SourceException {
    if (remembered.orderedByVersion(point.horizon()) != null) {
      // A server that may be behind proves nothing wrong.
      return;
    }
    if (isInStep) {
      compare();
    }
    if (areTombstonesQuiet) {
      vouch();
    }
  }

  private void compare() throws SourceException {
    try {
      remembered = sweep.verify(remembered);
      sweep.finding().ifPresent(findings::add);
      remembered = remembered.with(sweep.run(remembered.sweep()));
      remembered = diff.run(remembered);
      diff.finding().ifPresent(findings::add);
    } catch (IOException e) {
      LOG.warn("the index can't be read to compare it with the table: {}", e.toString(), e);
      findings.add(
          new Finding(
              "the index can't be compared with the table",
              e.toString(),
              "see the log; a damaged city is taken from the repository by the next cycle"));
    }
  }

  /** No tombstone came: the old cursor stands for all deletions up to now, which it can't say. */
  private void vouch() {
    Duration keptFor = schedule.keptFor();
    Long through = schedule.deletionsThrough(point.from(), remembered);
    if (keptFor == null || !point.isLagKnown() || through == null) {
      return;
    }
    Duration unsaid = keptFor.dividedBy(10);
    unsaid = unsaid.compareTo(LONGEST_UNSAID) < 0 ? unsaid : LONGEST_UNSAID;
    long keptMicros = keptFor.toNanos() / 1_000;
    boolean isKnown = through >= point.horizon() - keptMicros;
    if (isKnown && through < point.horizon() - unsaid.toNanos() / 1_000) {
      DeletionsKnown known = remembered.deletions();
      Cursor changes =
          known != null && known.holdsFrom(point.from()) ? known.changes() : Cursor.START;
      remembered =
          remembered.with(new DeletionsKnown(point.from().deletions(), changes, point.horizon()));
    }
  }

  /** What later polls need to know. */
  Remembered remembered() {
    return remembered;
  }

  /** What somebody should put right. */
  List<Finding> findings() {
    return findings;
  }

  /** Why nothing may be called complete; null if it may. */
  @Nullable String gate() {
    Remembered.WithoutGtid.Left left = remembered.orderedByVersion(point.horizon());
    return left == null ? DiffRun.gate(remembered) : left.why();
  }

  /**
   * Whether the next poll has more to compare. Where versions decide the order, time has to pass:
   * polling faster brings nothing.
   */
  boolean hasMoreToCompare() {
    return DiffRun.gate(remembered) != null;
  }

  /** Figures. */
  CheckCounts counts() {
    return new CheckCounts(
        sweep.pairs(), sweep.rescued(), diff.counts().keys(), diff.counts().found());
  }
}

package freshet.indexer.source;

import freshet.indexer.session.SourceException;
import freshet.indexer.source.PageWalk.Pages;
import freshet.indexer.source.Remembered.DeletionsKnown;
import freshet.indexer.source.Remembered.DiffState;
import freshet.indexer.source.Remembered.RunningDiff;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One poll's share of an id diff: begins one when it is due, goes on with it for some pages, and
 * says what may not be claimed before it has ended.
 */
final class DiffRun {
  private static final Logger LOG = LoggerFactory.getLogger(DiffRun.class);

  /** Pages of one poll that others wait for. */
  private static final int MOST_PAGES = 2;

  /** Pages of one poll whose freshness waits for the diff anyway. */
  private static final int MOST_PAGES_OF_A_GATE = 20;

  private static final long SECOND = 1_000_000;

  private final DiffSchedule schedule;
  private final PollPoint point;
  private final IdDiff diff;
  private final BatchDraft draft;
  private final DiffTalk talk;
  private @Nullable Finding finding;

  DiffRun(DiffSchedule schedule, PollPoint point, IdDiff diff, BatchDraft draft, DiffTalk talk) {
    this.talk = talk;
    this.schedule = schedule;
    this.point = point;
    this.diff = diff;
    this.draft = draft;
  }

  /**
   * Begins a diff if one is due: before anything is read, since reading moves the cursor that tells
   * why.
   *
   * @param isFirstLoad whether nothing is indexed yet, so that there is nothing to compare
   */
  Remembered begin(Remembered before, boolean isFirstLoad) {
    RunningDiff running = before.diff().running();
    Optional<DiffReason> due =
        isFirstLoad && !schedule.leavesNoTrace() ? Optional.empty() : schedule.due(point, before);
    boolean goesOn =
        running != null
            && point.from().changes().compareTo(running.provesFrom()) >= 0
            && (due.isEmpty() || !due.get().outweighs(running.reason()));
    if (goesOn) {
      return before;
    }
    if (due.isEmpty()) {
      Long last = before.diff().last();
      // The first load is as good as a diff.
      return before
          .with(new DiffState(last == null ? (Long) point.horizon() : last, null))
          .withCities(schedule.cities());
    }
    LOG.info("id diff: all keys are compared, {}", due.get().why());
    talk.told(point.horizon());
    RunningDiff begun =
        new RunningDiff(
            due.get(),
            point.horizon(),
            point.isLagKnown(),
            point.from().changes(),
            false,
            DocumentKey.EMPTY,
            0,
            DiffCounts.NONE);
    return before.with(new DiffState(before.diff().last(), begun)).withCities(schedule.cities());
  }

  /** Goes on with the diff that runs, if one does; what is to be remembered of it. */
  Remembered run(Remembered before) throws SourceException, IOException {
    RunningDiff running = before.diff().running();
    if (running == null) {
      return before;
    }
    PageWalk<DocumentKey> walk = new PageWalk<>(running.at(), running.repeats());
    int limit = draft.pageRows() * ChangeRead.PAIRS_PER_ROW;
    Pages<DocumentKey> pages =
        running.inIndex()
            ? after -> diff.compareIndex(after, limit)
            : after -> diff.compareTable(after, limit);
    walk.run(running.reason().gates() ? MOST_PAGES_OF_A_GATE : MOST_PAGES, draft, pages);
    DiffCounts found = running.found().plus(diff.counts());
    if (walk.isDone() && running.inIndex()) {
      return ended(before, running, found);
    }
    boolean inIndex = running.inIndex() || walk.isDone();
    DocumentKey at = walk.isDone() ? DocumentKey.EMPTY : walk.at();
    if (talk.isDue(point.horizon())) {
      LOG.info(
          "id diff: {}; {}",
          found,
          inIndex ? "comparing the index's keys" : "comparing the table's");
      talk.told(point.horizon());
    }
    return before.with(
        new DiffState(
            before.diff().last(),
            new RunningDiff(
                running.reason(),
                running.began(),
                running.proves(),
                running.provesFrom(),
                inIndex,
                at,
                walk.repeats(),
                found)));
  }

  private Remembered ended(Remembered before, RunningDiff running, DiffCounts found) {
    LOG.info(
        "id diff: ended after {} s, {}; {}",
        (point.horizon() - running.began()) / SECOND,
        running.reason().why(),
        found);
    if (found.found() > 0) {
      finding =
          new Finding(
              "the id diff found documents that were not as their rows",
              running.reason().why() + "; " + found,
              "they are right now; rows that are deleted need tombstones (TRUNCATE, DROP PARTITION"
                  + " and foreign keys leave none), rows that change need a new version");
    }
    Remembered after = before.with(new DiffState(running.began(), null));
    return running.proves()
        ? after.with(
            new DeletionsKnown(point.from().deletions(), point.from().changes(), running.began()))
        : after;
  }

  /** Why nothing may be called complete after this poll; null if it may. */
  static @Nullable String gate(Remembered after) {
    RunningDiff running = after.diff().running();
    return running != null && running.reason().gates()
        ? "%s; an id diff runs, %s".formatted(running.reason().why(), running.found())
        : null;
  }

  /** What somebody should hear of. */
  Optional<Finding> finding() {
    return Optional.ofNullable(finding);
  }

  /** What this poll compared and found. */
  DiffCounts counts() {
    return diff.counts();
  }
}

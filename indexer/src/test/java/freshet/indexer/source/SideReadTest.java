package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.source.Change.Origin;
import freshet.indexer.table.WallClock;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.SourcePosition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Documents that a row of another table is part of. The overlap is 60, nothing is coarse. */
class SideReadTest {
  private static final long OVERLAP = 60;

  private final JoinedModel joined = new JoinedModel();
  private final Map<Long, String> documents = new TreeMap<>();
  private final Map<DocumentKey, Long> versions = new HashMap<>();
  private SourcePosition position = SourcePosition.START;
  private OverlapWindow window = OverlapWindow.UNSEEN;
  private Limits limits = new Limits(10, 100, 1 << 20);
  private long tick;

  private PollRun poll(long horizon) throws Exception {
    PollRun run = read(horizon);
    for (Change change : run.changes()) {
      long id = TableModel.id(change.key());
      switch (change) {
        case Change.Upsert upsert -> {
          documents.put(id, (String) upsert.document().values().getFirst());
          versions.put(change.key(), upsert.document().version());
        }
        case Change.Deletion deletion -> {
          documents.remove(id);
          versions.remove(change.key());
        }
      }
    }
    position =
        new SourcePosition("s", "", run.deletionCursor(), run.changeCursor(), run.sideCursors());
    window = run.window();
    return run;
  }

  private PollRun read(long horizon) throws Exception {
    WindowRules rules = new WindowRules(OVERLAP, tick, horizon, WallClock.UTC);
    PollReads reads =
        new PollReads(joined, new StoredCopy(() -> versions), new BatchDraft(limits, () -> false));
    PollRun run =
        new PollRun(
            position,
            window,
            rules,
            rules,
            Map.of(JoinedModel.SELLERS, rules),
            List.of(),
            reads,
            NoChecks.of(position, rules, reads));
    run.run();
    return run;
  }

  private int pollToEnd(long horizon) throws Exception {
    for (int polls = 1; polls < 1_000; polls++) {
      if (poll(horizon).reachedEnd()) {
        return polls;
      }
    }
    throw new AssertionError("1,000 polls have not reached the end");
  }

  private void assertEqual() {
    assertThat(documents).isEqualTo(joined.documents());
  }

  private Cursor sideCursor() {
    return position.sides().get("sellers");
  }

  @Test
  void onlyAJoinedRowChangesAndItsDocumentsFollow() throws Exception {
    joined.seller(0, 90, "Ann");
    for (int id = 0; id < 6; id++) {
      joined.table.upsert(id, 91 + id, "t" + id);
    }
    pollToEnd(100);
    joined.seller(0, 101, "Anne");

    PollRun run = poll(102);

    assertThat(run.changes()).hasSize(2).allMatch(change -> change.origin() == Origin.SIDE);
    assertThat(sideCursor().version()).isEqualTo(101);
    assertEqual();
    assertThat(poll(103).changes()).isEmpty();
  }

  @Test
  void aSideRowThatCommitsLateIsFoundByTheOverlap() throws Exception {
    joined.table.upsert(0, 90, "t");
    joined.seller(1, 120, "Bob");
    pollToEnd(121);
    poll(122);
    joined.seller(0, 100, "late");
    poll(123);
    assertEqual();
  }

  @Test
  void aSecondChangeWithinTheTickIsFound() throws Exception {
    tick = 10;
    joined.table.upsert(0, 90, "t");
    joined.seller(0, 100, "first");
    pollToEnd(102);
    joined.seller(0, 100, "second");
    poll(104);
    assertEqual();
    poll(125);
    joined.seller(0, 100, "waited for a lock");
    poll(130);
    poll(161);
    assertEqual();
    assertThat(poll(170).changes()).isEmpty();
  }

  @Test
  void aFirstLoadDoesNotReadSideRowsOfLongAgo() throws Exception {
    joined.seller(0, 5, "Ann");
    joined.table.upsert(0, 1_000, "t");
    poll(1_000);
    assertThat(sideCursor().version()).isEqualTo(1_000 - OVERLAP);
    assertEqual();
    assertThat(joined.documentReads).isZero();
  }

  @Test
  void aSideRowThatChangesDuringTheFirstLoadIsNotLost() throws Exception {
    limits = new Limits(1, 1, 1 << 20);
    joined.seller(0, 5, "Ann");
    joined.table.upsert(0, 90, "t0");
    joined.table.upsert(3, 91, "t3");
    assertThat(poll(1_000).reachedEnd()).isFalse();
    joined.seller(0, 1_001, "Anne");
    pollToEnd(5_000);
    assertEqual();
  }

  @Test
  void aSideTableThatIsNewIsReadFromItsStart() throws Exception {
    joined.table.upsert(0, 90, "t");
    joined.seller(0, 5, "Ann");
    pollToEnd(1_000);
    documents.put(0L, "without its seller");
    position = new SourcePosition("s", "", position.deletions(), position.changes(), Map.of());
    window = OverlapWindow.UNSEEN;
    pollToEnd(10_000);
    assertEqual();
    assertThat(sideCursor().version()).isEqualTo(5);
  }

  @Test
  void moreDocumentsThanABatchHoldsTakeSeveralPolls() throws Exception {
    limits = new Limits(3, 4, 1 << 20);
    for (int id = 0; id < 90; id++) {
      joined.table.upsert(id, 90 + id, "t" + id);
    }
    joined.seller(0, 80, "Ann");
    pollToEnd(200);
    joined.seller(0, 300, "Anne");
    joined.table.upsert(1, 305, "changes do not wait");

    PollRun first = poll(310);
    assertThat(first.reachedEnd()).isFalse();
    assertThat(first.changes().size()).isBetween(1, 8);
    assertThat(documents.get(1L)).startsWith("changes do not wait");
    assertThat(sideCursor().version()).isLessThan(300);

    assertThat(pollToEnd(311)).isLessThan(40);
    assertEqual();
    assertThat(sideCursor().version()).isEqualTo(300);
  }

  @Test
  void afterACrashThePairIsReadAgain() throws Exception {
    limits = new Limits(3, 4, 1 << 20);
    for (int id = 0; id < 30; id++) {
      joined.table.upsert(id, 90 + id, "t" + id);
    }
    pollToEnd(200);
    joined.seller(0, 300, "Ann");
    poll(310);
    documents.put(0L, "lost with the batch");
    window = OverlapWindow.UNSEEN;
    pollToEnd(311);
    assertEqual();
  }

  @Test
  void aDocumentThatTheQueryDoesNotYieldIsDeleted() throws Exception {
    joined.byKeyOnly = true;
    joined.seller(0, 80, "Ann");
    joined.table.upsert(0, 90, "t");
    pollToEnd(100);
    assertThat(documents).hasSize(1);
    joined.banned.add(0L);
    joined.seller(0, 110, "Ann, banned");
    poll(111);
    assertThat(documents).isEmpty();
  }

  @Property(tries = 400)
  void randomHistoriesEndEqual(
      @ForAll long seed,
      @ForAll boolean byKeyOnly,
      @ForAll @IntRange(min = 1, max = 4) int pageRows)
      throws Exception {
    // An instance sees all tries.
    new SideReadTest().endsEqual(new Random(seed), byKeyOnly, pageRows);
  }

  private void endsEqual(Random random, boolean byKeyOnly, int pageRows) throws Exception {
    joined.byKeyOnly = byKeyOnly;
    limits = new Limits(pageRows, 3 * pageRows, 1 << 20);
    long clock = 1_000;
    Set<Long> stamps = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      clock += 1 + random.nextInt(5);
      // Late, but within the overlap; a version that is fine is given once.
      long stamp;
      do {
        stamp = clock - random.nextInt(40);
      } while (!stamps.add(stamp));
      switch (random.nextInt(8)) {
        case 0, 1 -> joined.table.upsert(random.nextInt(12), stamp, "t" + i);
        case 2 -> joined.table.delete(random.nextInt(12), stamp);
        case 3, 4 -> joined.seller(random.nextInt(3), stamp, "s" + i);
        case 5 -> {
          read(clock);
          window = OverlapWindow.UNSEEN;
        }
        case 6 -> poll(clock);
        default -> {
          pollToEnd(clock);
          assertEqual();
        }
      }
    }
    pollToEnd(clock);
    assertEqual();
    // Tombstones of rows that exist are looked at until the overlap is over.
    pollToEnd(clock + 2 * OVERLAP);
    assertThat(poll(clock + 2 * OVERLAP).changes()).isEmpty();
  }

  /** Begun before it was over, and ended after: what was read first shows an older name. */
  @Example
  void aRowThatChangesWithinItsTickBetweenPartsOfItsDocumentsIsReadOnceMore() throws Exception {
    losesNothing(new Random(-70), true, true, 2, 1);
  }

  /** Late rows of the side table may show only when they are over: no index tells of them. */
  @Property(tries = 1_000)
  void aFullWindowLosesNothing(
      @ForAll long seed,
      @ForAll boolean byKeyOnly,
      @ForAll boolean isCoarse,
      @ForAll @IntRange(min = 1, max = 4) int pageRows,
      @ForAll @IntRange(min = 1, max = 9) int pairs)
      throws Exception {
    // An instance sees all tries.
    new SideReadTest().losesNothing(new Random(seed), byKeyOnly, isCoarse, pageRows, pairs);
  }

  private void losesNothing(
      Random random, boolean byKeyOnly, boolean isCoarse, int pageRows, int pairs)
      throws Exception {
    joined.byKeyOnly = byKeyOnly;
    tick = isCoarse ? 10 : 0;
    limits = new Limits(pageRows, 3 * pageRows, 1 << 20, 1 << 20, pairs);
    long clock = 1_000;
    Set<Long> stamps = new HashSet<>();
    for (int i = 0; i < 80; i++) {
      clock += 1 + random.nextInt(5);
      long stamp;
      do {
        stamp = clock - random.nextInt(40);
      } while (!isCoarse && !stamps.add(stamp));
      stamp = isCoarse ? stamp / tick * tick : stamp;
      switch (random.nextInt(9)) {
        case 0, 1 -> joined.table.upsert(random.nextInt(12), stamp, "t" + i);
        case 2 -> joined.table.delete(random.nextInt(12), stamp);
        case 3, 4, 5 -> joined.seller(random.nextInt(9), stamp, "s" + i);
        case 6 -> {
          read(clock);
          window = OverlapWindow.UNSEEN;
        }
        case 7 -> poll(clock);
        default -> {
          if (isCoarse) {
            // What is younger than two ticks is read again and again, and may fill a small batch.
            poll(clock);
          } else {
            pollToEnd(clock);
          }
        }
      }
      assertThat(window.pairs()).isLessThanOrEqualTo(Math.max(3, pairs));
    }
    clock += 3 * tick;
    pollToEnd(clock);
    clock += 2 * OVERLAP;
    pollToEnd(clock);
    assertEqual();
    poll(clock);
    assertThat(poll(clock).changes()).isEmpty();
  }
}

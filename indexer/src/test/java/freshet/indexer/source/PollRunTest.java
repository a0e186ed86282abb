package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.source.Change.Origin;
import freshet.replicator.snapshot.Cursor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of a poll, one history each. The overlap is 60, ticks are 10 where they are coarse. */
class PollRunTest {
  private final TableModel table = new TableModel();
  private final ModelFollower fine = new ModelFollower(table, 60, 0, 10, 100);
  private final ModelFollower coarse = new ModelFollower(table, 60, 10, 10, 100);

  private static List<Origin> origins(PollRun run) {
    return run.changes().stream().map(Change::origin).toList();
  }

  @Test
  void lateCommitIsFoundByTheOverlap() throws Exception {
    table.upsert(1, 100, "one");
    table.upsert(2, 129, "two");
    fine.poll(130);
    table.upsert(3, 100, "late");
    PollRun run = fine.poll(131);
    assertThat(origins(run)).containsExactly(Origin.OVERLAP);
    assertThat(fine.documents).isEqualTo(table.rows);
    assertThat(fine.poll(132).changes()).isEmpty();
  }

  @Test
  void secondUpdateWithinTheTickIsIndexedByTheNextPoll() throws Exception {
    table.upsert(1, 100, "first");
    coarse.poll(102);
    table.upsert(1, 100, "second");
    coarse.poll(104);
    assertThat(coarse.documents).isEqualTo(table.rows);
  }

  @Test
  void sameStampAfterALockWaitIsIndexedWhenTheOverlapIsOver() throws Exception {
    table.upsert(1, 100, "first");
    coarse.poll(102);
    coarse.poll(125);
    table.upsert(1, 100, "waited for the lock");
    coarse.poll(130);
    assertThat(coarse.documents.get(1L).title()).isEqualTo("first");
    coarse.poll(161);
    assertThat(coarse.documents).isEqualTo(table.rows);
    assertThat(coarse.poll(170).changes()).isEmpty();
  }

  @Test
  void futureRowDoesNotMoveTheCursorAndItsCorrectionWins() throws Exception {
    table.upsert(1, 1_000_000, "2037");
    fine.poll(100);
    assertThat(fine.position.changes().version()).isLessThan(100);
    for (int i = 0; i < 100; i++) {
      table.upsert(2 + i, 101 + i, "ordinary");
      fine.pollToEnd(101 + i);
    }
    table.upsert(1, 205, "corrected");
    fine.pollToEnd(206);
    assertThat(fine.documents).isEqualTo(table.rows);
    assertThat(fine.position.changes().version()).isEqualTo(205);
  }

  @Test
  void futureStampThatComesAgainAfterItsCorrectionIsRead() throws Exception {
    table.upsert(1, 1_000_000, "2037");
    table.upsert(2, 99, "ordinary");
    fine.poll(100);
    table.upsert(1, 105, "corrected");
    fine.poll(106);
    assertThat(fine.window.changes().seen()).hasSize(2);
    table.upsert(1, 1_000_000, "2037 again");
    fine.poll(110);
    assertThat(fine.documents).isEqualTo(table.rows);
  }

  @Test
  void futureRowIsReadOnce() throws Exception {
    table.upsert(1, 1_000_000, "2037");
    fine.poll(100);
    assertThat(fine.poll(101).changes()).isEmpty();
  }

  @Test
  void clockThatStepsBackLosesNothing() throws Exception {
    table.upsert(1, 100, "one");
    fine.poll(100);
    table.upsert(2, 97, "after the step");
    fine.poll(97);
    assertThat(fine.documents).isEqualTo(table.rows);
    assertThat(fine.position.changes().version()).isEqualTo(100);
  }

  @Test
  void tombstoneOfARowThatIsBackIsAnUpsert() throws Exception {
    table.upsert(1, 90, "old");
    fine.poll(95);
    table.upsert(1, 100, "re-inserted");
    fine.poll(101);
    // Stamped before the re-insert, committed after it.
    table.tombstones.add(new Cursor(99, TableModel.key(1)));
    PollRun run = fine.poll(102);
    assertThat(origins(run)).containsExactly(Origin.TOMBSTONE);
    assertThat(fine.documents).isEqualTo(table.rows);
  }

  @Test
  void rowThatGoesAfterItsTombstoneWasReadIsDeletedByTheNextPoll() throws Exception {
    table.upsert(1, 90, "old");
    fine.poll(95);
    table.tombstones.add(new Cursor(99, TableModel.key(1)));
    fine.poll(100);
    assertThat(fine.documents).isNotEmpty();
    table.rows.remove(1L);
    fine.poll(101);
    assertThat(fine.documents).isEmpty();
  }

  @Test
  void vanishedRowOfAPairIsADeletion() throws Exception {
    table.upsert(1, 90, "one");
    fine.poll(95);
    table.upsert(1, 96, "ONE");
    int[] reads = {0};
    table.beforeRead =
        () -> {
          // Tombstones and pairs are read; then the row goes, without a tombstone.
          if (++reads[0] == 3) {
            table.rows.remove(1L);
          }
        };
    PollRun run = fine.poll(97);
    assertThat(run.changes()).hasOnlyElementsOfType(Change.Deletion.class);
    assertThat(fine.documents).isEmpty();
  }

  @Test
  void firstPollDoesNotReadTombstonesOfLongAgo() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      table.delete(i, 1_000 + i);
    }
    table.upsert(7, 50_000, "seven");
    table.delete(8, 99_999);
    PollRun run = fine.poll(100_000);
    assertThat(run.counts().deletionsRead).isEqualTo(1);
    assertThat(fine.documents).isEqualTo(table.rows);
    assertThat(fine.poll(100_001).changes()).isEmpty();
  }

  @Test
  void fullBatchEndsEarlyAndTheNextGoesOnThere() throws Exception {
    ModelFollower small = new ModelFollower(table, 60, 0, 2, 4);
    for (int i = 0; i < 11; i++) {
      table.upsert(i, 100 + i / 3, "t" + i);
    }
    PollRun first = small.poll(200);
    assertThat(first.reachedEnd()).isFalse();
    assertThat(first.changes()).hasSize(4);
    assertThat(small.poll(200).reachedEnd()).isFalse();
    assertThat(small.poll(200).reachedEnd()).isTrue();
    assertThat(small.documents).isEqualTo(table.rows);
  }

  @Test
  void quietTableIsTwoReads() throws Exception {
    table.upsert(1, 100, "one");
    table.delete(2, 100);
    fine.poll(200);
    fine.poll(201);
    table.reads = 0;
    fine.poll(300);
    assertThat(table.reads).isEqualTo(2);
  }
}

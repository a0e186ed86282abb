package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What only an id diff finds. Tombstones live for 1,000, a diff is due every 500. */
class IdDiffTest {
  private static final long NEVER = 1L << 50;

  private final TableModel table = new TableModel();
  private final ModelFollower follower =
      new ModelFollower(table, 60, 0, 5, 1_000).withChecks(NEVER, 1, 500, 1_000);

  private void fill(int rows) throws Exception {
    for (int i = 0; i < rows; i++) {
      table.upsert(i, 100 + i, "t" + i);
    }
    follower.pollToEnd(100 + rows);
  }

  private void pollUntilChecked(long now) throws Exception {
    for (int i = 0; i < 1_000; i++) {
      follower.poll(now + i);
      if (follower.memory.read().diff().running() == null) {
        return;
      }
    }
    throw new AssertionError("1,000 polls have not ended the diff");
  }

  @Test
  void truncateIsFoundOnSchedule() throws Exception {
    fill(200);
    table.rows.clear();
    follower.poll(310);
    assertThat(follower.documents).hasSize(200);
    pollUntilChecked(900);
    assertThat(follower.documents).isEmpty();
    assertThat(follower.checks.findings()).hasSize(1);
    assertThat(follower.checks.findings().getFirst().evidence()).contains("200 ghosts");
  }

  @Test
  void rowsThatNoPollCouldSeeAreFound() throws Exception {
    fill(200);
    table.upsert(500, 7, "restored with its old stamp");
    table.upsert(3, 50, "restored to an older version");
    pollUntilChecked(900);
    assertThat(follower.documents).isEqualTo(table.rows);
  }

  @Test
  void nothingIsClaimedBeforeAMasterThatWasDownForLongHasCompared() throws Exception {
    fill(200);
    for (long i = 0; i < 100; i++) {
      table.rows.remove(i);
    }
    table.upsert(300, 1_995, "new");
    follower.poll(2_000);
    assertThat(follower.checks.gate()).contains("kept").contains("id diff runs");
    pollUntilChecked(2_001);
    assertThat(follower.checks.gate()).isNull();
    assertThat(follower.documents).isEqualTo(table.rows);
  }

  @Test
  void aBatchThatEndsEarlyDoesNotForgetThatTombstonesMayBePurged() throws Exception {
    ModelFollower small = new ModelFollower(table, 60, 0, 2, 4).withChecks(NEVER, 1, NEVER, 1_000);
    table.upsert(1, 100, "one");
    table.upsert(2, 100, "two");
    small.pollToEnd(100);
    table.rows.remove(1L);
    for (int i = 0; i < 20; i++) {
      table.upsert(100 + i, 5_000 + i, "new");
      table.delete(200 + i, 5_000 + i);
    }
    assertThat(small.poll(6_000).reachedEnd()).isFalse();
    assertThat(small.checks.gate()).isNotNull();
    for (int i = 0; i < 100 && small.checks.gate() != null; i++) {
      small.poll(6_000 + i);
    }
    assertThat(small.checks.gate()).isNull();
    assertThat(small.documents).isEqualTo(table.rows);
  }

  @Test
  void quietTombstonesAreNoReasonToCompare() throws Exception {
    fill(20);
    int compared = 0;
    follower.withChecks(NEVER, 1, NEVER, 1_000);
    for (long now = 200; now < 20_000; now += 100) {
      table.upsert(1, now, "again");
      follower.poll(now);
      compared += (int) follower.checks.counts().diffKeys();
    }
    assertThat(compared).isZero();
  }

  @Test
  void firstLoadIsNotCompared() throws Exception {
    for (int i = 0; i < 20; i++) {
      table.upsert(i, 5_000 + i, "t");
    }
    follower.pollToEnd(6_000);
    assertThat(follower.checks.gate()).isNull();
    assertThat(follower.checks.counts()).extracting(CheckCounts::diffKeys).isEqualTo(0L);
  }

  @Test
  void readingAnewWithDocumentsThatAreThereComparesThem() throws Exception {
    fill(20);
    table.rows.remove(7L);
    follower.position = freshet.replicator.snapshot.SourcePosition.START;
    follower.restart();
    follower.poll(400);
    assertThat(follower.checks.gate()).isNotNull();
    pollUntilChecked(401);
    assertThat(follower.documents).isEqualTo(table.rows);
  }

  @Test
  void changesBesideTheDiffAreLeftToTheTable() throws Exception {
    fill(100);
    int[] reads = {0};
    long[] clock = {900};
    table.beforeRead =
        () -> {
          reads[0]++;
          long id = reads[0] * 7L % 120;
          clock[0]++;
          if (reads[0] % 3 == 0 && table.rows.containsKey(id)) {
            table.delete(id, clock[0]);
          } else {
            table.upsert(id, clock[0], "w" + reads[0]);
          }
        };
    for (int i = 0; i < 60; i++) {
      follower.poll(clock[0]);
    }
    table.beforeRead = () -> {};
    follower.pollToEnd(clock[0]);
    assertThat(follower.documents).isEqualTo(table.rows);
  }
}

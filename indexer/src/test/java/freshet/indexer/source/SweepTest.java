package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.source.Change.Origin;
import freshet.replicator.snapshot.Cursor;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/** What only a sweep finds. The overlap is 60, a sweep is due every 50 and reaches back 1,000. */
class SweepTest {
  private static final long NEVER = 1L << 50;

  private final TableModel table = new TableModel();
  private final ModelFollower follower =
      new ModelFollower(table, 60, 0, 10, 100).withChecks(50, 1_000, NEVER, NEVER);

  private Duration overlap() {
    return follower.memory.read().overlap();
  }

  private static Duration micros(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS);
  }

  /** Polls every ten, so that sweeps are regular. */
  private void pollUntil(long from, long to) throws Exception {
    for (long now = from; now <= to; now += 10) {
      table.upsert(99, now, "clock");
      table.delete(98, now);
      follower.poll(now);
    }
  }

  @Test
  void commitThatIsLaterThanTheOverlapIsFoundReportedAndWidensIt() throws Exception {
    table.upsert(1, 100, "one");
    pollUntil(100, 300);
    table.upsert(2, 120, "open for three windows");
    pollUntil(310, 390);

    assertThat(follower.documents).isEqualTo(table.rows);
    assertThat(overlap()).isBetween(micros(190), micros(270));
    // The next one as late is found by the overlap.
    table.upsert(3, 240, "again");
    PollRun run = follower.poll(400);
    assertThat(run.changes()).extracting(Change::origin).containsExactly(Origin.OVERLAP);
  }

  @Test
  void rescueIsCountedAndReportedOnceItIsIndexed() throws Exception {
    table.upsert(1, 100, "one");
    pollUntil(100, 300);
    table.upsert(2, 120, "late");
    int rescued = 0;
    int reports = 0;
    for (long now = 310; now <= 500; now += 10) {
      follower.poll(now);
      rescued += follower.checks.counts().sweepRescued();
      reports += follower.checks.findings().size();
    }
    assertThat(rescued).isEqualTo(1);
    assertThat(reports).isEqualTo(1);
  }

  @Test
  void tombstoneThatIsLaterThanTheOverlapIsFound() throws Exception {
    table.upsert(1, 100, "one");
    pollUntil(100, 300);
    table.delete(1, 120);
    pollUntil(310, 390);
    assertThat(follower.documents).isEqualTo(table.rows);
    assertThat(overlap()).isGreaterThan(micros(60));
  }

  @Test
  void tombstoneOfARowThatIsBackIsNoRescue() throws Exception {
    table.upsert(1, 100, "one");
    pollUntil(100, 110);
    table.delete(1, 115);
    table.upsert(1, 116, "back");
    pollUntil(120, 600);
    assertThat(overlap()).isZero();
    assertThat(follower.documents).isEqualTo(table.rows);
  }

  @Test
  void pairsOfTheOverlapAreNoBusinessOfTheSweep() throws Exception {
    table.upsert(1, 100, "one");
    pollUntil(100, 130);
    table.upsert(2, 101, "late, but within the overlap");
    pollUntil(140, 600);
    assertThat(overlap()).isZero();
  }

  @Test
  void widenedOverlapOutlivesTheProcess() throws Exception {
    table.upsert(1, 100, "one");
    pollUntil(100, 300);
    table.upsert(2, 120, "late");
    pollUntil(310, 390);
    ModelFollower next = new ModelFollower(table, 60, 0, 10, 100);
    next.memory = follower.memory;
    next.position = follower.position;
    next.documents.putAll(follower.documents);
    table.upsert(3, 240, "again");
    next.poll(400);
    assertThat(next.documents).isEqualTo(table.rows);
  }

  @Test
  void whatALostBatchHeldIsFoundAgain() throws Exception {
    table.upsert(1, 100, "one");
    pollUntil(100, 300);
    table.upsert(2, 120, "late");
    for (long now = 310; now <= 390; now += 10) {
      follower.pollInVain(now);
      assertThat(overlap()).isZero();
    }
    pollUntil(400, 480);
    assertThat(follower.documents).isEqualTo(table.rows);
    assertThat(overlap()).isGreaterThan(micros(60));
  }

  @Test
  void aSweepIsABoundedShareOfEachPoll() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      table.upsert(i, 100 + i / 2, "t");
    }
    follower.pollToEnd(700);
    int polls = 0;
    int compared = 0;
    do {
      follower.poll(710 + polls);
      compared += follower.checks.counts().sweptPairs();
      assertThat(follower.checks.counts().sweptPairs()).isLessThanOrEqualTo(2 * 10 * 5);
      polls++;
    } while (follower.memory.read().sweep().running() != null);
    assertThat(polls).isGreaterThan(5);
    assertThat(compared).isBetween(700, 1_000);
  }

  @Test
  void noCursorIsMovedByASweep() throws Exception {
    table.upsert(1, 100, "one");
    pollUntil(100, 300);
    Cursor before = follower.position.changes();
    table.upsert(2, 120, "late");
    follower.poll(355);
    assertThat(follower.position.changes()).isEqualTo(before);
  }
}

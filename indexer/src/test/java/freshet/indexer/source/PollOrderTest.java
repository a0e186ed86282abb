package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.source.TableModel.Pending;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeTry;

/**
 * Random histories of writers that stamp early and commit late, of crashes and of polls, against a
 * model. The seed in a failure's report is the whole history.
 */
class PollOrderTest {
  private static final long OVERLAP = 60;
  private static final int IDS = 6;

  private TableModel table = new TableModel();
  private long clock;
  private int titles;

  @BeforeTry
  void beginAnew() {
    table = new TableModel();
    clock = 1_000;
    titles = 0;
  }

  @Property(tries = 500)
  void whatWasCommittedBeforeAPollIsIndexedByIt(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int pageRows) throws Exception {
    Random random = new Random(seed);
    ModelFollower follower = new ModelFollower(table, OVERLAP, 0, pageRows, 3 * pageRows);
    for (int i = 0; i < 60; i++) {
      clock += 1 + random.nextInt(4);
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> begin(random, clock);
        case 3, 4 -> commitOne(random);
        case 5 -> follower.poll(clock);
        case 6 -> follower.pollInVain(clock);
        default -> {
          follower.pollToEnd(clock);
          assertThat(follower.documents).isEqualTo(table.rows);
        }
      }
      commitWhatIsOld();
    }
    table.open.stream().toList().forEach(table::commit);
    follower.pollToEnd(clock);
    assertThat(follower.documents).isEqualTo(table.rows);
  }

  @Property(tries = 500)
  void writersInTheMiddleOfAPollAreFoundByTheNext(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int pageRows) throws Exception {
    Random random = new Random(seed);
    ModelFollower follower = new ModelFollower(table, OVERLAP, 0, pageRows, 4 * pageRows);
    for (int i = 0; i < 30; i++) {
      table.beforeRead =
          () -> {
            clock++;
            commitWhatIsOld();
            if (random.nextBoolean()) {
              begin(random, clock);
            }
            if (random.nextBoolean()) {
              commitOne(random);
            }
          };
      follower.poll(clock);
      if (random.nextInt(6) == 0) {
        follower.window = OverlapWindow.UNSEEN;
      }
      clock += random.nextInt(10);
      commitWhatIsOld();
    }
    table.beforeRead = () -> {};
    table.open.stream().toList().forEach(table::commit);
    follower.pollToEnd(clock);
    assertThat(follower.documents).isEqualTo(table.rows);
  }

  @Property(tries = 500)
  void updatesWithinOneTickAreFoundWhenTheOverlapIsOver(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int pageRows) throws Exception {
    long tick = 10;
    Random random = new Random(seed);
    ModelFollower follower = new ModelFollower(table, OVERLAP, tick, pageRows, 3 * pageRows);
    for (int i = 0; i < 60; i++) {
      clock += random.nextInt(5);
      switch (random.nextInt(6)) {
        // MariaDB cuts off what is less than a tick, MySQL rounds it.
        case 0, 1 -> begin(random, (clock + (random.nextBoolean() ? tick / 2 : 0)) / tick * tick);
        case 2, 3 -> commitOne(random);
        case 4 -> follower.poll(clock);
        default -> follower.pollInVain(clock);
      }
      commitWhatIsOld();
    }
    table.open.stream().toList().forEach(table::commit);
    // What is younger than two ticks is read again and again, and may fill a small batch.
    clock += 3 * tick;
    follower.pollToEnd(clock);
    clock += 2 * OVERLAP;
    follower.pollToEnd(clock);
    assertThat(follower.documents).isEqualTo(table.rows);
    follower.poll(clock);
    assertThat(follower.poll(clock).changes()).isEmpty();
  }

  @Property(tries = 500)
  void stampsOfTheFutureNeitherHideNorDelayOthers(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    ModelFollower follower = new ModelFollower(table, OVERLAP, 0, 2, 6);
    for (int i = 0; i < 60; i++) {
      clock += 1;
      table.upsert(random.nextInt(40), clock + 100 * random.nextInt(10_000), "t" + i);
      if (random.nextInt(4) == 0) {
        table.upsert(random.nextInt(40), clock, "now" + i);
      }
      follower.pollToEnd(clock);
      assertThat(follower.documents).isEqualTo(table.rows);
      assertThat(follower.position.changes().version()).isLessThanOrEqualTo(clock);
    }
    assertThat(follower.poll(clock).changes()).isEmpty();
  }

  /** A deletion that commits late may show only when it is over: its tombstone was not told. */
  @Property(tries = 1_000)
  void aFullWindowLosesNothing(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int pageRows,
      @ForAll @IntRange(min = 1, max = 8) int window,
      @ForAll boolean isCoarse)
      throws Exception {
    long tick = isCoarse ? 10 : 0;
    Random random = new Random(seed);
    ModelFollower follower =
        new ModelFollower(table, OVERLAP, tick, pageRows, 3 * pageRows).withWindow(window);
    for (int i = 0; i < 80; i++) {
      clock += 1 + random.nextInt(4);
      switch (random.nextInt(8)) {
        case 0, 1, 2 ->
            begin(random, isCoarse ? (clock + random.nextInt(2) * tick / 2) / tick * tick : clock);
        case 3, 4 -> commitOne(random);
        case 5 -> follower.poll(clock);
        case 6 -> follower.pollInVain(clock);
        default -> {
          if (isCoarse) {
            follower.poll(clock);
          } else {
            follower.pollToEnd(clock);
            assertThat(follower.documents).containsAllEntriesOf(table.rows);
          }
        }
      }
      assertThat(follower.window.pairs()).isLessThanOrEqualTo(Math.max(2, window));
      commitWhatIsOld();
    }
    table.open.stream().toList().forEach(table::commit);
    clock += 3 * tick;
    follower.pollToEnd(clock);
    clock += 2 * OVERLAP;
    follower.pollToEnd(clock);
    assertThat(follower.documents).isEqualTo(table.rows);
    follower.poll(clock);
    assertThat(follower.poll(clock).changes()).isEmpty();
  }

  /** Each is compared with the index in each poll; a batch full of them would get no further. */
  @Example
  void reinsertedRowsBeyondTheWindowDoNotDelayOthers() throws Exception {
    ModelFollower follower = new ModelFollower(table, OVERLAP, 10, 1, 3).withWindow(1);
    for (int id = 0; id < 20; id++) {
      table.delete(id, clock);
      table.upsert(id, clock, "again");
    }
    follower.pollToEnd(clock + 30);
    table.upsert(20, clock + 5, "other");
    follower.pollToEnd(clock + 30);
    assertThat(follower.documents).isEqualTo(table.rows);
  }

  @Property(tries = 20)
  void farMoreChangesThanTheWindowHoldsNeitherHideNorDelayOthers(
      @ForAll @IntRange(min = 1, max = 4) int pageRows, @ForAll boolean isCoarse) throws Exception {
    long tick = isCoarse ? 10 : 0;
    for (int id = 0; id < 300; id++) {
      table.upsert(id, isCoarse ? clock + id % 4 * tick : clock + id / 8, "t" + id);
    }
    clock += 59;
    ModelFollower follower =
        new ModelFollower(table, OVERLAP, tick, pageRows, 3 * pageRows).withWindow(6);
    follower.pollToEnd(clock);
    follower.restart();
    follower.pollToEnd(clock);
    assertThat(follower.documents).isEqualTo(table.rows);
    PollRun idle = follower.poll(clock);
    assertThat(idle.changes()).isEmpty();
    assertThat(idle.fullWindow()).isPresent();

    table.upsert(1, clock - 55, "late");
    table.upsert(500, clock - 20, "new");
    follower.poll(clock);
    assertThat(follower.documents).isEqualTo(table.rows);
    if (isCoarse) {
      // Of the same second, and committed after it was read.
      table.upsert(2, table.rows.get(2L).version(), "same tick");
    }
    clock += OVERLAP;
    follower.pollToEnd(clock);
    assertThat(follower.documents).isEqualTo(table.rows);
    assertThat(follower.poll(clock).changes()).isEmpty();
  }

  private void begin(Random random, long stamp) {
    long id = random.nextInt(IDS);
    boolean isDelete = random.nextInt(3) == 0 && table.rows.containsKey(id);
    table.open.add(new Pending(id, stamp, isDelete, "t" + titles++));
  }

  private void commitOne(Random random) {
    if (!table.open.isEmpty()) {
      table.commit(table.open.get(random.nextInt(table.open.size())));
    }
  }

  /** The promise of the overlap is for transactions that are shorter. */
  private void commitWhatIsOld() {
    List<Pending> old =
        table.open.stream().filter(pending -> pending.stamp() < clock - OVERLAP + 15).toList();
    old.forEach(table::commit);
  }
}

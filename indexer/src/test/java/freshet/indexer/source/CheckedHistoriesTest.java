package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.source.TableModel.Pending;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Random histories of all that an overlap can't see: transactions of any length, tombstones that
 * are purged or never written, servers that lost transactions, clocks that are set back, stamps of
 * the future, crashes after any poll, restarts. When sweep and id diff have ended, the index equals
 * the table. The seed in a failure's report is the whole history.
 */
class CheckedHistoriesTest {
  private static final long OVERLAP = 40;
  private static final long SWEEP_EVERY = 30;
  private static final long REACH = 400;
  private static final long DIFF_EVERY = 300;
  private static final long KEPT_FOR = 200;
  private static final int IDS = 12;
  private static final int TINY_WINDOW = 8;

  private final Set<Long> stamps = new HashSet<>();
  private TableModel table;
  private TableModel older;
  private ModelFollower follower;
  private Random random;
  private long clock;
  private int titles;

  @Property(tries = 1_000)
  void allIsRightOnceAllIsCompared(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int pageRows,
      @ForAll @IntRange(min = 1, max = 2 * TINY_WINDOW) int window)
      throws Exception {
    begin(seed, pageRows, window);
    for (int i = 0; i < 120; i++) {
      clock += random.nextInt(8);
      step();
    }
    settle();
  }

  @Property(tries = 500)
  void writersBesideTheChecksAreLeftToTheTable(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int pageRows,
      @ForAll @IntRange(min = 1, max = 2 * TINY_WINDOW) int window)
      throws Exception {
    begin(seed, pageRows, window);
    table.beforeRead =
        () -> {
          clock += random.nextInt(3);
          write();
        };
    for (int i = 0; i < 40; i++) {
      clock += random.nextInt(20);
      poll(random.nextInt(5) == 0);
    }
    table.beforeRead = () -> {};
    settle();
  }

  /**
   * Begins anew.
   *
   * @param window pairs that it holds; all of them if it is not tiny
   */
  private void begin(long seed, int pageRows, int window) {
    random = new Random(seed);
    table = new TableModel();
    older = table.copy();
    stamps.clear();
    clock = 10_000;
    follower =
        new ModelFollower(table, OVERLAP, 0, pageRows, 3 * pageRows)
            .withChecks(SWEEP_EVERY, REACH, DIFF_EVERY, KEPT_FOR);
    if (window <= TINY_WINDOW) {
      follower.withWindow(window);
    }
  }

  private void step() throws Exception {
    switch (random.nextInt(16)) {
      case 0, 1, 2, 3, 4 -> write();
      case 5 -> follower.pollToEnd(clock);
      case 6 -> poll(true);
      case 7 -> follower.restart();
      case 8 -> older = table.copy();
      case 9 -> loseTransactions();
      case 10 -> clock -= random.nextInt(5);
      case 11 -> clock += random.nextInt(2) == 0 ? KEPT_FOR + 50 : OVERLAP;
      case 12 -> follower.memory = new VolatileMemory();
      default -> poll(false);
    }
  }

  private void write() {
    long id = random.nextInt(IDS);
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> table.upsert(id, stamp(0), "t" + titles++);
      case 3 -> table.delete(id, stamp(0));
      // Stamped now, committed at any time.
      case 4, 5 ->
          table.open.add(new Pending(id, stamp(0), random.nextInt(3) == 0, "t" + titles++));
      case 6, 7 -> {
        if (!table.open.isEmpty()) {
          table.commit(table.open.get(random.nextInt(table.open.size())));
        }
      }
      // Without a tombstone, as TRUNCATE and foreign keys do.
      case 8 -> table.rows.remove(id);
      default -> table.upsert(id, stamp(random.nextInt(2_000)), "future" + titles++);
    }
    table.tombstones.removeIf(pair -> pair.version() < clock - KEPT_FOR);
  }

  /** No two alike: what is stamped alike is another test's. */
  private long stamp(long ahead) {
    long stamp = clock + ahead;
    while (!stamps.add(stamp)) {
      stamp++;
    }
    return stamp;
  }

  private void poll(boolean isInVain) throws Exception {
    if (isInVain) {
      follower.pollInVain(clock);
    } else {
      follower.poll(clock);
      follower.hasLostTransactions = false;
    }
  }

  private void loseTransactions() {
    table.restore(older);
    follower.restart();
    follower.hasLostTransactions = true;
  }

  private void settle() throws Exception {
    table.open.stream().toList().forEach(table::commit);
    clock += DIFF_EVERY + 3_000;
    for (int i = 0; i < 400; i++) {
      poll(false);
      clock++;
    }
    assertThat(follower.memory.read().diff().running()).isNull();
    assertThat(follower.documents).isEqualTo(table.rows);
    assertThat(follower.poll(clock).changes()).isEmpty();
  }
}

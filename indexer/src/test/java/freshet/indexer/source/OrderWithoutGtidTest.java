package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.snapshot.Cursor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Random histories of two servers without GTID, of which one is behind and catches up: nothing that
 * was deleted comes back, no older content returns, and in the end the index equals the table. The
 * seed in a failure's report is the whole history.
 */
class OrderWithoutGtidTest {
  private static final long OVERLAP = 40;
  private static final int IDS = 8;

  /** What the source held at a time. */
  private record State(long clock, TableModel table) {}

  private final List<State> states = new ArrayList<>();
  private final Map<Long, Long> newest = new HashMap<>();
  private TableModel source;
  private TableModel polled;
  private ModelFollower follower;
  private Random random;
  private long clock;
  private int behind;

  @Property(tries = 1_000)
  void nothingGoesBackAndAllIsRightInTheEnd(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int pageRows) throws Exception {
    begin(seed, pageRows);
    for (int i = 0; i < 150; i++) {
      clock += 1 + random.nextInt(6);
      step();
    }
    behind = 0;
    for (int i = 0; i < 200; i++) {
      clock += 10;
      note();
      poll(false);
    }
    assertThat(follower.checks.gate()).isNull();
    assertThat(follower.documents).isEqualTo(source.rows);
    assertThat(follower.poll(clock).changes()).isEmpty();
  }

  private void begin(long seed, int pageRows) throws Exception {
    random = new Random(seed);
    source = new TableModel();
    polled = new TableModel();
    states.clear();
    newest.clear();
    behind = 0;
    clock = 10_000;
    follower =
        new ModelFollower(polled, OVERLAP, 0, pageRows, 20 * pageRows)
            .withChecks(30, 400, 100_000, 50_000);
    follower.hasGtid = false;
    for (long id = 0; id < IDS; id++) {
      source.upsert(id, clock++, "first");
    }
    note();
    for (int i = 0; i < 10; i++) {
      poll(false);
    }
  }

  private void step() throws Exception {
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> source.upsert(random.nextInt(IDS), clock, "t" + clock);
      case 3, 4 -> source.delete(random.nextInt(IDS), clock);
      case 5 -> poll(true);
      case 6 -> follower.restart();
      case 7 -> changeServer();
      default -> behind = Math.max(0, behind - random.nextInt(4));
    }
    note();
    poll(false);
  }

  private void changeServer() {
    follower.server = follower.server.equals("a") ? "b" : "a";
    behind = random.nextInt(60);
    if (random.nextBoolean()) {
      follower.restart();
    }
  }

  private void note() {
    states.add(new State(clock, source.copy()));
  }

  private void poll(boolean isInVain) throws Exception {
    State state = states.get(Math.max(0, states.size() - 1 - behind));
    polled.restore(state.table());
    follower.lag = clock - state.clock();
    if (isInVain) {
      follower.pollInVain(state.clock());
      return;
    }
    follower.poll(state.clock());
    nothingGoesBack();
  }

  private void nothingGoesBack() {
    for (long id = 0; id < IDS; id++) {
      TableModel.Content content = follower.documents.get(id);
      long before = newest.getOrDefault(id, Long.MIN_VALUE);
      if (content != null) {
        assertThat(content.version()).as("version of %d", id).isGreaterThanOrEqualTo(before);
        newest.put(id, content.version());
      } else if (before != Long.MIN_VALUE) {
        newest.put(id, deleted(id, before));
      }
    }
  }

  /** The first tombstone that explains why a document is not indexed. */
  private long deleted(long id, long since) {
    return source.tombstones.stream()
        .filter(pair -> pair.key().equals(TableModel.key(id)) && pair.version() >= since)
        .mapToLong(Cursor::version)
        .min()
        .orElseThrow(() -> new AssertionError("document " + id + " vanished at " + clock));
  }
}

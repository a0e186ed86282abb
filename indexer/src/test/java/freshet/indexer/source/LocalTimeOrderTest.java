package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.source.TableModel.Pending;
import freshet.indexer.table.WallClock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random histories across changes of the clock by which rows are stamped, against a model. */
class LocalTimeOrderTest {
  private static final long SECOND = 1_000_000;
  private static final long OVERLAP = 600 * SECOND;
  private static final long TWO_HOURS = 7_200 * SECOND;
  private static final int IDS = 8;

  private enum Change {
    BERLIN_AUTUMN("Europe/Berlin", "2026-10-25T01:00:00Z"),
    BERLIN_SPRING("Europe/Berlin", "2026-03-29T01:00:00Z"),
    LORD_HOWE_AUTUMN("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
    LORD_HOWE_SPRING("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
    NEW_YORK_AUTUMN("America/New_York", "2026-11-01T06:00:00Z"),
    NEW_YORK_SPRING("America/New_York", "2026-03-08T07:00:00Z"),
    NONE("UTC", "2026-10-25T01:00:00Z");

    private final WallClock wall;
    private final long at;

    Change(String zone, String at) {
      this.wall = WallClock.of(ZoneId.of(zone));
      this.at = Duration.between(Instant.EPOCH, Instant.parse(at)).toNanos() / 1_000;
    }
  }

  private TableModel table = new TableModel();

  /** Transactions that have stamped a row and are not committed, by when they did. */
  private final NavigableMap<Long, Pending> open = new TreeMap<>();

  private long now;
  private int titles;

  @Property(tries = 600)
  void nothingIsLateWhateverTheClockShows(@ForAll Change change, @ForAll long seed)
      throws Exception {
    Random random = new Random(seed);
    begin(change, random);
    ModelFollower follower = new ModelFollower(table, OVERLAP, 0, 4, 12, change.wall);
    while (now < change.at + TWO_HOURS) {
      step(change, random, 0);
      switch (random.nextInt(3)) {
        case 0 -> follower.pollInVain(now);
        case 1 -> follower.poll(now);
        default -> {
          follower.pollToEnd(now);
          assertThat(follower.documents).isEqualTo(table.rows);
        }
      }
    }
    end(change, follower);
  }

  /** Rows of two hours may have one version then; such a one settles when the overlap is over. */
  @Property(tries = 600)
  void secondsThatComeTwiceSettle(@ForAll Change change, @ForAll long seed) throws Exception {
    Random random = new Random(seed);
    begin(change, random);
    ModelFollower follower = new ModelFollower(table, OVERLAP, SECOND, 4, 12, change.wall);
    while (now < change.at + TWO_HOURS) {
      step(change, random, SECOND);
      follower.poll(now);
    }
    end(change, follower);
    follower.poll(now);
    assertThat(follower.poll(now).changes()).isEmpty();
  }

  private void begin(Change change, Random random) {
    table = new TableModel();
    open.clear();
    now = change.at - TWO_HOURS + random.nextInt(3_600) * SECOND;
  }

  /** Writers at work, for seconds mostly; now and then nothing happens for up to an hour. */
  private void step(Change change, Random random, long tick) {
    now += (1 + random.nextInt(random.nextInt(20) == 0 ? 3_600 : 100)) * SECOND;
    open.keySet().stream().filter(time -> time < now - OVERLAP / 2).toList().forEach(this::commit);
    for (int i = random.nextInt(4); i > 0; i--) {
      now += SECOND;
      long id = random.nextInt(IDS);
      long stamp = change.wall.at(now + random.nextInt(1_000_000));
      boolean isDelete = random.nextInt(4) == 0 && table.rows.containsKey(id);
      open.put(
          now, new Pending(id, tick == 0 ? stamp : stamp / tick * tick, isDelete, "t" + titles++));
      if (random.nextInt(3) > 0) {
        commit(List.copyOf(open.keySet()).get(random.nextInt(open.size())));
      }
    }
  }

  private void commit(long begun) {
    table.commit(open.remove(begun));
  }

  private void end(Change change, ModelFollower follower) throws Exception {
    List.copyOf(open.keySet()).forEach(this::commit);
    now += 3 * SECOND;
    follower.pollToEnd(now);
    now += 2 * OVERLAP;
    follower.pollToEnd(now);
    assertThat(follower.documents).isEqualTo(table.rows);
    assertThat(change.wall.first(follower.position.changes().version())).isLessThanOrEqualTo(now);
  }
}

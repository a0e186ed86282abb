package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.source.Remembered.WithoutGtid;
import freshet.indexer.table.WallClock;
import freshet.replicator.snapshot.Cursor;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Which deletions are remembered. The overlap is 40, the largest lag 5. */
class OrderRunTest {
  private final BatchDraft draft = new BatchDraft(Limits.DEFAULT, () -> false);
  private final Cursor cursor = pair(1_000, 1);

  private static Cursor pair(long version, long id) {
    return new Cursor(version, TableModel.key(id));
  }

  private static Remembered remembered(List<Cursor> deleted) {
    return Remembered.NOTHING.with(new WithoutGtid("a", 5, null, deleted));
  }

  private OrderRun order(Remembered before, long coarseTick) {
    WindowRules rules = new WindowRules(40, coarseTick, 1_000, WallClock.UTC);
    return new OrderRun(before, cursor, rules, rules);
  }

  @Test
  void oldOnesGoWhenNewOnesCome() {
    Remembered before = remembered(List.of(pair(954, 1), pair(955, 2)));
    OrderRun order = order(before, 0);
    assertThat(order.remembered(before, draft)).isEqualTo(before);
    draft.noteDeleted(pair(990, 3));
    assertThat(order.remembered(before, draft))
        .isEqualTo(remembered(List.of(pair(955, 2), pair(990, 3))));
  }

  @Test
  void coarseOneCountsLongerThanItsStampForBothColumnsMayRound() {
    Remembered before = remembered(List.of());
    draft.noteDeleted(pair(990, 3));
    assertThat(order(before, 10).remembered(before, draft))
        .isEqualTo(remembered(List.of(pair(1_010, 3))));
  }

  @Test
  void oldestGoWhenThereAreTooMany() {
    Remembered before =
        remembered(
            LongStream.range(0, OrderRun.MOST_DELETED).mapToObj(id -> pair(990, id)).toList());
    draft.noteDeleted(pair(995, 7));
    OrderRun order = order(before, 0);
    WithoutGtid after = order.remembered(before, draft).withoutGtid();
    assertThat(after).isNotNull();
    assertThat(after.deleted())
        .hasSize(OrderRun.MOST_DELETED)
        .doesNotContain(pair(990, 0))
        .contains(pair(995, 7));
    assertThat(order.findings())
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.evidence())
                    .isEqualTo("100001 came within 0 s: the oldest 1 were dropped"));
  }

  @Test
  void nothingIsRememberedWithGtid() {
    draft.noteDeleted(pair(990, 3));
    assertThat(order(Remembered.NOTHING, 0).remembered(Remembered.NOTHING, draft))
        .isEqualTo(Remembered.NOTHING);
  }
}

package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.VersionColumn;
import freshet.indexer.table.VersionColumn.DateTime;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.KeyType;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** 2026-10-25 00:30 UTC is 02:30 in Berlin, for the first time. */
class FutureRowsTest {
  private static final long SECOND = 1_000_000;
  private static final long NOW = 1_792_888_200L * SECOND;
  private static final long SHOWN = NOW + 7_200 * SECOND;

  private static List<Finding> finding(long version) {
    TableSpec table =
        new TableSpec(
            "listing",
            List.of(new KeyColumn("id", KeyType.BIGINT)),
            new VersionColumn("updated_at", new DateTime(6, ZoneId.of("Europe/Berlin"))),
            "city",
            List.of(),
            null);
    FutureRows future = new FutureRows(table, TableModel.KEYS);
    return future.finding(new Cursor(version, TableModel.key(7)), NOW);
  }

  @Test
  void namesTheRowItsVersionAndTheClock() {
    assertThat(finding(SHOWN + 7_200 * SECOND))
        .containsExactly(
            new Finding(
                "row 7 of table listing is stamped in the future, so every poll comes upon it"
                    + " again",
                "its updated_at is 2026-10-25T04:30, the server's clock shows 2026-10-25T02:30",
                "set `updated_at` of that row in `listing` to the time of its last change, and"
                    + " correct the clock of its writer"));
  }

  @Test
  void roundedStampsAndPastOnesAreNone() {
    assertThat(finding(SHOWN + SECOND)).isEmpty();
    assertThat(finding(SHOWN - 3_600 * SECOND)).isEmpty();
  }
}

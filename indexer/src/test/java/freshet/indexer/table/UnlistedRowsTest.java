package freshet.indexer.table;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.table.UnlistedRows.OfCity;
import freshet.replicator.snapshot.DocumentKey;
import org.junit.jupiter.api.Test;

class UnlistedRowsTest {
  private static final DocumentKey ONE = DocumentKey.ofHex("01");
  private static final DocumentKey TWO = DocumentKey.ofHex("02");

  private final UnlistedRows rows = new UnlistedRows();

  @Test
  void eachRowCountsOnceHoweverOftenItIsRead() {
    rows.add(ONE, "x");
    rows.add(ONE, "x");
    rows.add(TWO, "x");
    assertThat(rows.all()).containsExactly(new OfCity("x", 2, ONE));
  }

  @Test
  void aRowThatIsCorrectedCountsNoMore() {
    rows.add(ONE, "x");
    rows.add(TWO, "x");
    rows.add(ONE, "y");
    rows.remove(TWO);
    assertThat(rows.all()).containsExactly(new OfCity("y", 1, ONE));
  }
}

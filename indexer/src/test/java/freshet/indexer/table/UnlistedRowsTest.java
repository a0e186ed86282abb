package freshet.indexer.table;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.table.UnlistedRows.OfCity;
import freshet.replicator.snapshot.DocumentKey;
import org.junit.jupiter.api.Test;

class UnlistedRowsTest {
  private static final DocumentKey ONE = DocumentKey.ofHex("01");
  private static final DocumentKey TWO = DocumentKey.ofHex("02");

  private final UnlistedRows rows = UnlistedRows.ofPolls();

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

  @Test
  void whatAScanHasCountedIsNotCountedAgainByPolls() {
    UnlistedRows scanned = UnlistedRows.ofScan();
    scanned.add(ONE, "x");
    scanned.add(TWO, "x");

    rows.goOn(scanned.keep());
    rows.add(TWO, "x");
    assertThat(rows.all()).containsExactly(new OfCity("x", 2, ONE));
    rows.remove(ONE);
    assertThat(rows.all()).containsExactly(new OfCity("x", 1, ONE));
    assertThat(rows.isLow()).isFalse();
  }

  @Test
  void beyondWhatIsToldApartAScanCountsOnAndPollsSayThatThereAreMore() {
    UnlistedRows scanned = UnlistedRows.ofScan();
    for (int i = 0; i < 100_002; i++) {
      DocumentKey key = DocumentKey.ofHex("%08x".formatted(i));
      scanned.add(key, "x");
      rows.add(key, "x");
    }
    assertThat(scanned.all().getFirst().rows()).isEqualTo(100_002);
    assertThat(scanned.isLow()).isFalse();
    assertThat(rows.all().getFirst().rows()).isEqualTo(100_000);
    assertThat(rows.isLow()).isTrue();
  }

  @Test
  void whatWasMissedMakesTheCountLow() {
    UnlistedRows scanned = UnlistedRows.ofScan();
    scanned.missSome();
    rows.goOn(scanned.keep());
    assertThat(rows.isLow()).isTrue();
  }
}

package freshet.indexer.scan;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.KeyCodec;
import freshet.replicator.snapshot.KeyType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuantilesTest {
  private static final KeyCodec CODEC = new KeyCodec(List.of(KeyType.BIGINT));

  private static DocumentKey key(long number) {
    return CODEC.encode(List.of(number));
  }

  /** The last key of each range but the last one; keys are 1, 2, 3 ... */
  private static List<String> cuts(int parts, long... rows) {
    List<DocumentKey> keys = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    for (long count : rows) {
      counts.add(count);
      keys.add(key(counts.size()));
    }
    List<KeyRange> ranges = Quantiles.ranges(keys, counts, parts);
    DocumentKey end = DocumentKey.EMPTY;
    List<String> cuts = new ArrayList<>();
    for (KeyRange range : ranges) {
      assertThat(range.after()).isEqualTo(end);
      end = range.upTo();
      if (!end.equals(DocumentKey.EMPTY)) {
        cuts.add(CODEC.show(end));
      }
    }
    assertThat(end).isEqualTo(DocumentKey.EMPTY);
    return cuts;
  }

  @Test
  void sharesAreEqualWhereTheKeysAllowIt() {
    assertThat(cuts(2, 1, 9, 10)).containsExactly("2");
    assertThat(cuts(4, 1, 9, 10, 10, 10)).containsExactly("2", "3", "4");
    assertThat(cuts(2, 1, 9, 10, 10, 10)).containsExactly("3");
  }

  @Test
  void theNearestKeyIsTaken() {
    assertThat(cuts(2, 1, 40, 30, 29)).containsExactly("2");
    assertThat(cuts(2, 1, 5, 50, 44)).containsExactly("3");
  }

  @Test
  void fewKeysMakeFewRanges() {
    assertThat(cuts(8, 1)).isEmpty();
    assertThat(cuts(8, 1, 1_000)).hasSizeLessThanOrEqualTo(1);
    assertThat(cuts(1, 1, 10, 10)).isEmpty();
    assertThat(cuts(8)).isEmpty();
  }

  @Test
  void oneHeavyGapIsOneRange() {
    assertThat(cuts(4, 1, 1, 997, 1)).isSubsetOf("1", "2", "3");
  }
}

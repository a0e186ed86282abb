package freshet.indexer.table;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.table.RowSizes.Step.InPieces;
import freshet.indexer.table.RowSizes.Step.Together;
import freshet.replicator.snapshot.Cursor;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowSizesTest {
  private static List<RowSizes.Step> steps(Long... bytes) {
    return new RowSizes(Cursor.START, List.of(bytes)).steps(100);
  }

  @Test
  void columnsThatFitAreReadTogether() {
    assertThat(steps(10L, 0L, 90L)).containsExactly(new Together(List.of(0, 1, 2)));
  }

  @Test
  void aColumnThatDoesNotFitBesideOthersBeginsAnotherQuery() {
    assertThat(steps(60L, 60L, 40L, 1L))
        .containsExactly(
            new Together(List.of(0)), new Together(List.of(1, 2)), new Together(List.of(3)));
  }

  @Test
  void aColumnThatFitsIntoNoPacketIsReadInPieces() {
    assertThat(steps(60L, 101L, 40L)).containsExactly(new InPieces(1), new Together(List.of(0, 2)));
  }

  @Test
  void nothingIsNoStep() {
    assertThat(steps()).isEmpty();
  }
}

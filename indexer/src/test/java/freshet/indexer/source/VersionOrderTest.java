package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.table.WallClock;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which reads count after a change of servers at 100. */
class VersionOrderTest {
  private final VersionOrder order = new VersionOrder(100, WallClock.UTC);

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        // row, indexed, deleted through, is it taken
        "50, none, none, true",
        "50, 40, none, true",
        "50, 50, none, true", // a side table may have changed it
        "50, 51, none, false",
        "50, none, 49, true",
        "50, none, 50, false",
        "50, none, 60, false",
        "50, 40, 60, false",
        "50, 900, none, false", // the correction of a row of the future waits
        "120, 900, none, true", // unless it comes from the new server
        "110, 120, none, true", // what is stamped since is read from one server
        "900, 90, none, true",
        "120, none, 110, true", // deleted and inserted again since
      })
  void rowIsTaken(
      long row, @Nullable Long indexed, @Nullable Long deletedThrough, boolean isTaken) {
    assertThat(order.takesRow(row, stored(indexed), deletedThrough)).isEqualTo(isTaken);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        // indexed, deleted through, is it a deletion
        "none, none, true",
        "50, none, false",
        "50, 49, false",
        "50, 50, true",
        "50, 60, true",
        "900, 110, true", // a row of the future can be deleted
        "900, 90, false",
      })
  void missingRowIsDeletion(
      @Nullable Long indexed, @Nullable Long deletedThrough, boolean isDeletion) {
    assertThat(order.takesAbsence(stored(indexed), deletedThrough)).isEqualTo(isDeletion);
  }

  private static Set<Long> stored(@Nullable Long version) {
    return version == null ? Set.of() : Set.of(version);
  }
}

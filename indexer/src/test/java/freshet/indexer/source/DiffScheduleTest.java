package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.source.Remembered.DeletionsKnown;
import freshet.indexer.source.Remembered.DiffState;
import freshet.indexer.table.WallClock;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.SourcePosition;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When all keys are compared. Tombstones live for 100, a diff is due every 10. */
class DiffScheduleTest {
  private static final DiffSchedule TOMBSTONES =
      new DiffSchedule(micros(10), micros(100), false, WallClock.UTC, null);
  private static final DiffSchedule NOTHING =
      new DiffSchedule(micros(10), null, true, WallClock.UTC, null);
  private static final DiffSchedule EXPRESSION =
      new DiffSchedule(micros(10), null, false, WallClock.UTC, null);

  private static Duration micros(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS);
  }

  private static SourcePosition at(long deletions, long changes) {
    return new SourcePosition(
        "s",
        "",
        new Cursor(deletions, TableModel.key(1)),
        new Cursor(changes, TableModel.key(1)),
        Map.of());
  }

  private static Remembered remembered(@Nullable Long lastDiff, @Nullable DeletionsKnown known) {
    Remembered remembered = Remembered.NOTHING.with(new DiffState(lastDiff, null));
    return known == null ? remembered : remembered.with(known);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        // cursor of deletions, now, last diff, lag known, why
        "1000, 1050, 1045, true, none",
        "1000, 1100, 1095, true, none",
        "1000, 1101, 1095, true, PURGED_TOMBSTONES",
        "1000, 1101, 1095, false, none", // it would prove nothing
        "1000, 1101, 1091, false, PURGED_TOMBSTONES", // but it is looked for what can be found
        "1000, 1055, 1045, true, SCHEDULE",
        "1000, 1055, none, true, none", // the first load was as good as one
        "1000, 1055, 1060, true, SCHEDULE", // the clock was set back
      })
  void tombstonesAreTrustedWhileTheyLive(
      long deletions, long now, @Nullable Long last, boolean isLagKnown, @Nullable DiffReason why) {
    assertThat(
            TOMBSTONES.due(
                new PollPoint(at(deletions, 1000), now, isLagKnown, false), remembered(last, null)))
        .isEqualTo(java.util.Optional.ofNullable(why));
  }

  @Test
  void quietTombstonesAreVouchedFor() {
    DeletionsKnown known =
        new DeletionsKnown(new Cursor(1000, TableModel.key(1)), Cursor.START, 1500);
    Remembered remembered = remembered(1595L, known);
    assertThat(TOMBSTONES.due(new PollPoint(at(1000, 1000), 1600, true, false), remembered))
        .isEmpty();
    assertThat(TOMBSTONES.due(new PollPoint(at(1000, 1000), 1601, true, false), remembered))
        .contains(DiffReason.PURGED_TOMBSTONES);
    // Whoever comes from before that is not vouched for.
    assertThat(TOMBSTONES.due(new PollPoint(at(999, 1000), 1600, true, false), remembered))
        .contains(DiffReason.PURGED_TOMBSTONES);
  }

  @Test
  void withoutAnyTraceOfDeletionsOnlyADiffTells() {
    assertThat(NOTHING.due(new PollPoint(at(0, 1000), 1000, true, false), remembered(null, null)))
        .contains(DiffReason.SCHEDULE);
    DeletionsKnown known = new DeletionsKnown(Cursor.START, at(0, 900).changes(), 990);
    assertThat(NOTHING.deletionsThrough(at(0, 1000), remembered(990L, known))).isEqualTo(990);
    assertThat(NOTHING.due(new PollPoint(at(0, 1000), 999, true, false), remembered(990L, known)))
        .isEmpty();
    assertThat(NOTHING.due(new PollPoint(at(0, 1000), 1000, true, false), remembered(990L, known)))
        .contains(DiffReason.SCHEDULE);
    // An index that was set back knows nothing of what was compared later.
    assertThat(NOTHING.deletionsThrough(at(0, 800), remembered(990L, known))).isNull();
    assertThat(NOTHING.due(new PollPoint(at(0, 800), 991, true, false), remembered(990L, known)))
        .contains(DiffReason.SCHEDULE);
  }

  @Test
  void anotherListOfCitiesHasAllKeysCompared() {
    DiffSchedule listed = new DiffSchedule(micros(10), micros(100), false, WallClock.UTC, "a,b");
    PollPoint now = new PollPoint(at(999, 1000), 1000, true, false);
    Remembered before = remembered(999L, null);
    assertThat(listed.due(now, before)).contains(DiffReason.LISTED_CITIES);
    assertThat(listed.due(now, before.withCities("a,b"))).isEmpty();
    assertThat(TOMBSTONES.due(now, before.withCities("a,b"))).contains(DiffReason.LISTED_CITIES);
  }

  @Test
  void anExpressionTellsOfDeletionsAndADiffOfVanishedRows() {
    assertThat(
            EXPRESSION.due(new PollPoint(at(0, 1000), 1000, true, false), remembered(null, null)))
        .isEmpty();
    assertThat(
            EXPRESSION.due(new PollPoint(at(0, 1000), 1000, true, false), remembered(990L, null)))
        .contains(DiffReason.SCHEDULE);
  }
}

package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.source.ChangeBatch;
import freshet.indexer.source.CheckCounts;
import freshet.indexer.source.FakeChangeSource;
import freshet.indexer.source.OverlapWindow;
import freshet.indexer.source.PairWindow;
import freshet.indexer.source.PollReport;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DatabaseClock;
import freshet.replicator.snapshot.SourcePosition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final City X = new City("x");
  private static final City Y = new City("y");
  private static final OverlapWindow WINDOW =
      new OverlapWindow(PairWindow.UNSEEN, PairWindow.UNSEEN, Map.of());

  @Test
  void aCityThatFailsStaysWhereAllWere() {
    Progress next = at(at(5, 50)).after(batch(at(7, 70)), Set.of(X), Set.of());

    assertThat(next.position()).isEqualTo(at(7, 70));
    assertThat(next.behind()).containsExactly(Map.entry(X, at(5, 50)));
    assertThat(next.window()).isSameAs(OverlapWindow.UNSEEN);
    assertThat(cursors(next.resumeFrom())).isEqualTo(cursors(at(5, 50)));
  }

  @Test
  void aCityThatFailsThoughNoCursorMovedIsBehind() {
    Progress next = at(at(5, 50)).after(batch(at(5, 50)), Set.of(X), Set.of());

    assertThat(next.behind()).containsOnlyKeys(X);
  }

  @Test
  void aCityThatFailsAgainStaysWhereItWas() {
    Progress next = at(at(5, 50)).after(batch(at(7, 70)), Set.of(X), Set.of());

    assertThat(next.after(batch(at(9, 90)), Set.of(X, Y), Set.of()).behind())
        .containsExactly(Map.entry(X, at(5, 50)), Map.entry(Y, at(7, 70)));
  }

  @Test
  void aCityCatchesUpWhereTheOthersAre() {
    Progress behind = behind(at(7, 70), at(5, 50));

    assertThat(behind.after(batch(at(8, 70)), Set.of(), Set.of()).behind()).isEmpty();
    assertThat(behind.after(batch(at(8, 70)), Set.of(), Set.of()).window()).isSameAs(WINDOW);
  }

  @Test
  void aCityThatCatchesUpInStepsMovesOn() {
    Progress next = behind(at(7, 70), at(5, 50)).after(batch(at(9, 60), false), Set.of(), Set.of());

    assertThat(next.position()).isEqualTo(at(9, 70));
    assertThat(next.behind()).containsExactly(Map.entry(X, at(9, 60)));
    assertThat(cursors(next.resumeFrom())).isEqualTo(cursors(at(9, 60)));
  }

  @Test
  void aPollThatLeavesACityOutBeginsWhereTheOthersAreAndLeavesItWhereItIs() {
    Progress behind = new Progress(at(7, 70), new TreeMap<>(Map.of(X, at(5, 50))), WINDOW);
    Set<City> leftOut = Set.of(X);

    assertThat(cursors(behind.resumeFrom(leftOut))).isEqualTo(cursors(at(7, 70)));
    assertThat(behind.window(leftOut)).isSameAs(WINDOW);
    assertThat(behind.window(Set.of())).isSameAs(OverlapWindow.UNSEEN);

    Progress next = behind.after(batch(at(9, 90)), Set.of(), leftOut);
    assertThat(next.position()).isEqualTo(at(9, 90));
    assertThat(next.behind()).containsExactly(Map.entry(X, at(5, 50)));
    assertThat(next.window()).isSameAs(WINDOW);
  }

  @Test
  void aCityThatWasReadForUpToTheEndIsNotBehindThoughTheLastRowIsGone() {
    Progress next = behind(at(7, 70), at(5, 50)).after(batch(at(7, 60)), Set.of(), Set.of());

    assertThat(next.behind()).isEmpty();
    assertThat(next.position()).isEqualTo(at(7, 70));
  }

  @Test
  void aPollFromFurtherBackGoesOnBehindWhatItHasRead() {
    Progress next = behind(at(7, 70), at(5, 50)).after(batch(at(7, 60), false), Set.of(), Set.of());
    assertThat(next.window(Set.of())).isSameAs(WINDOW);

    Progress others = next.after(batch(at(8, 80)), Set.of(), Set.of(X));
    assertThat(others.window(Set.of())).as("after a turn of the others").isSameAs(WINDOW);

    Progress failed = next.after(batch(at(8, 80)), Set.of(Y), Set.of(X));
    assertThat(failed.window(Set.of())).as("y has applied none").isSameAs(OverlapWindow.UNSEEN);
  }

  @Test
  void theServerThatIsPolledHasWhatTheOthersHaveRead() {
    SourcePosition newest = new SourcePosition("s", "1-9", cursor(7), cursor(70), Map.of());
    SourcePosition old = new SourcePosition("s", "1-3", cursor(5), cursor(50), Map.of());

    SourcePosition from = behind(newest, old).resumeFrom();

    assertThat(from.gtid()).isEqualTo("1-9");
    assertThat(from.changes()).isEqualTo(cursor(50));
  }

  @Test
  void aCityWithoutAnEntryHoldsTheWholePositionBack() {
    Progress progress = behind(at(7, 70), at(5, 50));

    assertThat(cursors(progress.publishable(Set.of(X)))).isEqualTo(cursors(at(7, 70)));
    assertThat(cursors(progress.publishable(Set.of()))).isEqualTo(cursors(at(5, 50)));
    assertThat(progress.behindIn(Set.of())).isEmpty();
  }

  @Test
  void aJoinedTableThatOneDoesNotKnowIsReadFromItsStart() {
    SourcePosition newest =
        new SourcePosition("", "", cursor(7), cursor(70), Map.of("prices", cursor(3)));

    assertThat(behind(newest, at(5, 50)).resumeFrom().sides()).isEmpty();
  }

  private static Progress at(SourcePosition position) {
    return new Progress(position, new TreeMap<>(), WINDOW);
  }

  private static Progress behind(SourcePosition position, SourcePosition left) {
    return new Progress(position, new TreeMap<>(Map.of(X, left)), OverlapWindow.UNSEEN);
  }

  private static SourcePosition at(long deletions, long changes) {
    return new SourcePosition("", "", cursor(deletions), cursor(changes), Map.of());
  }

  private static Cursor cursor(long version) {
    return new Cursor(version, FakeChangeSource.key(1));
  }

  private static List<Cursor> cursors(SourcePosition position) {
    return List.of(position.deletions(), position.changes());
  }

  private static ChangeBatch batch(SourcePosition to) {
    return batch(to, true);
  }

  private static ChangeBatch batch(SourcePosition to, boolean reachedEnd) {
    return new ChangeBatch(
        List.of(),
        SourcePosition.START,
        to,
        WINDOW,
        reachedEnd,
        Instant.EPOCH,
        null,
        new DatabaseClock(Duration.ZERO, Duration.ZERO),
        List.of(),
        new PollReport(
            "fake",
            Instant.EPOCH,
            Instant.EPOCH,
            null,
            Duration.ZERO,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            1,
            CheckCounts.NONE));
  }
}

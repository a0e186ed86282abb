package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.source.Remembered.WithoutGtid;
import freshet.indexer.source.Remembered.WithoutGtid.Left;
import freshet.indexer.table.WallClock;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.SourcePosition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When versions begin to decide, and until when. The overlap is 40. */
class ServerChangeTest {
  private static ServerChange polling(String server, boolean hasGtid, long now, long lag) {
    return new ServerChange(server, hasGtid, now, lag, 40, WallClock.UTC);
  }

  private static SourcePosition at(String server, String gtid, long changes) {
    Cursor cursor = new Cursor(changes, TableModel.key(1));
    return new SourcePosition(server, gtid, Cursor.START, cursor, Map.of());
  }

  private static Remembered remembered(@Nullable String server, @Nullable Left left) {
    return server == null
        ? Remembered.NOTHING
        : Remembered.NOTHING.with(new WithoutGtid(server, 5, left, List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        // position's server and GTID, remembered server, polled, has it GTID, is there a change
        "'', '', none, a, false, false",
        "a, '', none, a, false, false",
        "a, '', none, b, false, true",
        "a, '', a, b, false, true",
        "a, '', b, b, false, false", // the last batch was not published
        "b, '', b, a, false, true", // and back
        "a, g, none, b, true, false",
        "a, '', none, b, true, true", // GTID was turned on in between
        "'', '', none, b, true, false", // its transactions count as lost
      })
  void anotherServerIsNoticed(
      String from,
      String gtid,
      @Nullable String known,
      String polled,
      boolean hasGtid,
      boolean isChange) {
    Remembered after =
        polling(polled, hasGtid, 1_000, 0).begin(at(from, gtid, 900), remembered(known, null));
    assertThat(after.orderedByVersion(1_000) != null).isEqualTo(isChange);
    WithoutGtid noted = after.withoutGtid();
    assertThat(noted == null ? null : noted.server())
        .isEqualTo(hasGtid && !isChange ? null : polled);
  }

  @Test
  void versionsDecideUntilTheNewServerHasAllOfTheOldOne() {
    Remembered after = polling("b", false, 1_000, 7).begin(at("a", "", 900), remembered("a", null));
    WithoutGtid noted = after.withoutGtid();
    assertThat(noted).isEqualTo(new WithoutGtid("b", 7, left(1_000, 1_047), List.of()));
    assertThat(after.orderedByVersion(1_047)).isNotNull();
    assertThat(after.hasVersionOrderEnded(1_047)).isFalse();
    assertThat(after.orderedByVersion(1_048)).isNull();
    assertThat(after.hasVersionOrderEnded(1_048)).isTrue();
  }

  @Test
  void serverWhoseClockIsBehindGetsMoreTime() {
    Remembered after = polling("b", false, 800, 0).begin(at("a", "", 900), remembered("a", null));
    assertThat(after.orderedByVersion(900)).isEqualTo(left(900, 945));
  }

  @Test
  void goesOnThoughGtidIsTurnedOn() {
    Remembered before = remembered("b", left(1_000, 1_045));
    assertThat(polling("b", true, 1_010, 0).begin(at("b", "g", 900), before)).isEqualTo(before);
  }

  private static Left left(long at, long until) {
    return new Left("a", "b", at, until);
  }
}

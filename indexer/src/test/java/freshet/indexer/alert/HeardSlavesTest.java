package freshet.indexer.alert;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.alert.MasterObservation.SlaveSeen;
import freshet.replicator.snapshot.SnapshotCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeardSlavesTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final HeardSlaves heard =
      HeardSlaves.of(
          List.of(
              new SlaveSeen("lately", NOON.minusSeconds(30), Duration.ofSeconds(2), List.of()),
              new SlaveSeen("silent", NOON.minusSeconds(31), null, null)),
          NOON);

  @Test
  void whoWasSilentBeforeARestartIsSoAfterItAndOthersHaveToReportAnew() {
    Instant later = NOON.plusSeconds(3_600);

    assertThat(heard.seen(later))
        .containsExactly(
            new SlaveSeen("lately", later, null, List.of()),
            new SlaveSeen("silent", NOON.minusSeconds(31), null, null));
  }

  @Test
  void aClockThatWasSetBackMakesNobodyReportFromTheFuture() {
    Instant before = NOON.minusSeconds(3_600);

    assertThat(heard.seen(before)).extracting(SlaveSeen::reportedAt).containsOnly(before);
  }

  @Test
  void nothingButSilenceAndWhoThereIsChangesWhatIsNoted() throws Exception {
    HeardSlaves next =
        HeardSlaves.of(
            List.of(
                new SlaveSeen("lately", NOON.plusSeconds(2), Duration.ofSeconds(9), List.of()),
                new SlaveSeen("silent", NOON.minusSeconds(31), null, null)),
            NOON.plusSeconds(5));

    assertThat(next).isEqualTo(heard);
    assertThat(SnapshotCodec.read(SnapshotCodec.write(heard), HeardSlaves.class, "slaves"))
        .isEqualTo(heard);
  }
}

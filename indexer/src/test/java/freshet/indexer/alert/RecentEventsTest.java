package freshet.indexer.alert;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BatchCounts;
import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CycleReport;
import freshet.indexer.source.CheckCounts;
import freshet.indexer.source.PollReport;
import freshet.replicator.snapshot.Generation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecentEventsTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final RecentEvents events = new RecentEvents(null);

  @Test
  void aFirstPollThatDoesNotKnowTheLagTellsNothingBeforeTheSecond() {
    CycleReport unknown = report(null);
    events.cycled(unknown);
    assertThat(events.isTelling(unknown)).isFalse();
    assertThat(events.isTelling(report(Duration.ZERO))).isTrue();

    events.cycled(unknown);
    assertThat(events.isTelling(unknown)).isTrue();
  }

  @Test
  void aRunOfCronHasNoSecondPoll() {
    CycleReport unknown = report(null);
    events.cycled(unknown);
    events.ended();

    assertThat(events.isTelling(unknown)).isTrue();
  }

  private static CycleReport report(@Nullable Duration lag) {
    Duration zero = Duration.ZERO;
    return new CycleReport(
        NOON,
        new CycleOutcome.Refreshed(new Generation(1, 7)),
        new PollReport(
            "replica-1:3306",
            NOON,
            NOON,
            lag,
            zero,
            1,
            1,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            2_000,
            CheckCounts.NONE),
        BatchCounts.NONE,
        0,
        0,
        0,
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeSet<>(),
        new TreeMap<>(),
        false,
        NOON,
        null,
        List.of(),
        new CycleReport.StageTimes(zero, zero, zero, zero, zero));
  }
}

package freshet.replicator.flight;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.incident.Stage;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentFailuresTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final RecentFailures recent = new RecentFailures();

  @Test
  void failuresAreCountedByClassAttemptAndPlace() {
    recent.add(failure("Stalled", "query", NOON.minusSeconds(4_000), "old"));
    recent.add(failure("Stalled", "query", NOON, "last"));
    recent.add(failure("HandshakeLost", "connect", NOON.minusSeconds(30), "one"));
    recent.add(failure("Stalled", "query", NOON.minusSeconds(60), "of an earlier start").times(4));
    recent.add(failure("Stalled", "poll", NOON.minusSeconds(90), "another attempt"));
    recent.add(Failure.ofIncident(NOON, Stage.POLL, "Stalled", "poll-fails", "told"));

    assertThat(recent.at(NOON))
        .containsExactly(
            failure("Stalled", "query", NOON, "last").times(5),
            failure("HandshakeLost", "connect", NOON.minusSeconds(30), "one"),
            failure("Stalled", "poll", NOON.minusSeconds(90), "another attempt"));
  }

  @Test
  void theyAreBounded() {
    for (int i = 0; i < 5_000; i++) {
      recent.add(failure("Stalled", "query", NOON, ""));
    }

    assertThat(recent.at(NOON)).singleElement().extracting(Failure::times).isEqualTo(1_000);
  }

  @Test
  void earlierOnesTakeWhatRoomIsLeftTheLatestFirst() {
    for (int i = 0; i < 999; i++) {
      recent.add(failure("Stalled", "query", NOON, ""));
    }
    recent.addEarlier(
        List.of(
            failure("Oldest", "query", NOON.minusSeconds(9), ""),
            failure("Older", "query", NOON.minusSeconds(8), "")));

    assertThat(recent.at(NOON)).extracting(Failure::failure).containsExactly("Stalled", "Older");
  }

  private static Failure failure(String name, String attempt, Instant at, String text) {
    return Failure.of(at, Stage.POLL, attempt, name, "db", text);
  }
}

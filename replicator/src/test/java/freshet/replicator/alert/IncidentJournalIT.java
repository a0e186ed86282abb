package freshet.replicator.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import freshet.replicator.incident.Advice;
import freshet.replicator.incident.Cause;
import freshet.replicator.incident.IncidentOptions;
import freshet.replicator.incident.Severity;
import freshet.replicator.incident.Stage;
import freshet.replicator.incident.Symptom;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.sink.SinkSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncidentJournalIT {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final int MOST = 3;

  @TempDir private Path folder;

  private final ManualTime time = new ManualTime(NOON);

  @Test
  void whatIsOverIsRememberedWithItsEndAndHowOftenItWasTold() throws Exception {
    try (AlertMonitor monitor = monitor(MOST)) {
      incident(monitor, "poll-fails", Duration.ofHours(5));
      begin(monitor, "disk-full");
    }

    assertThat(IncidentJournal.read(folder).incidents())
        .extracting(
            told -> told.incident().cause(),
            ToldIncident::toldFirst,
            ToldIncident::times,
            ToldIncident::until)
        .containsExactly(
            tuple("poll-fails", NOON.plusSeconds(60), 3, NOON.plusSeconds(5 * 3_600 + 120)),
            tuple("disk-full", NOON.plusSeconds(5 * 3_600 + 240), 1, null));
  }

  @Test
  void aRestartGoesOnWithWhatIsOpen() throws Exception {
    try (AlertMonitor monitor = monitor(MOST)) {
      begin(monitor, "poll-fails");
    }
    try (AlertMonitor monitor = monitor(MOST)) {
      look(monitor, "poll-fails");
      end(monitor);
    }

    ToldIncident told = only();
    assertThat(told.incident().since()).isEqualTo(NOON);
    assertThat(told.times()).isEqualTo(2);
    assertThat(told.until()).isNotNull();
  }

  @Test
  void theOldestAreForgotten() throws Exception {
    try (AlertMonitor monitor = monitor(MOST)) {
      for (String cause : List.of("a", "b", "c", "d", "e")) {
        incident(monitor, cause, Duration.ZERO);
      }
    }
    assertThat(IncidentJournal.read(folder).incidents())
        .extracting(told -> told.incident().cause())
        .containsExactly("c", "d", "e");
  }

  @Test
  void whatNobodyRemembersToBeOpenIsNotOpenForEver() throws Exception {
    try (AlertMonitor monitor = monitor(MOST)) {
      begin(monitor, "poll-fails");
    }
    Files.delete(folder.resolve("incidents.json"));
    time.advance(Duration.ofHours(1));
    try (AlertMonitor monitor = monitor(MOST)) {
      monitor.look("master", null, null, at -> List.of());
    }

    assertThat(only().until()).isEqualTo(NOON.plusSeconds(60));
  }

  @Test
  void aJournalThatIsDamagedHoldsNobodyUp() throws Exception {
    Files.writeString(folder.resolve("journal.json"), "{");
    try (AlertMonitor monitor = monitor(MOST)) {
      begin(monitor, "poll-fails");
    }
    assertThat(only().incident().cause()).isEqualTo("poll-fails");
  }

  private ToldIncident only() throws IOException {
    List<ToldIncident> told = IncidentJournal.read(folder).incidents();
    assertThat(told).hasSize(1);
    return told.getFirst();
  }

  private void incident(AlertMonitor monitor, String cause, Duration lasting) {
    begin(monitor, cause);
    time.advance(lasting);
    look(monitor, cause);
    end(monitor);
    time.advance(Duration.ofMinutes(1));
  }

  private void begin(AlertMonitor monitor, String cause) {
    look(monitor, cause);
    time.advance(Duration.ofMinutes(1));
    look(monitor, cause);
  }

  private void end(AlertMonitor monitor) {
    monitor.look("master", null, null, at -> List.of());
    time.advance(Duration.ofMinutes(1));
    monitor.look("master", null, null, at -> List.of());
  }

  private static void look(AlertMonitor monitor, String cause) {
    monitor.look(
        "master",
        null,
        null,
        at ->
            List.of(
                Symptom.of(
                    Cause.of(cause, Stage.POLL, Severity.CRITICAL),
                    "Unreachable",
                    "it is away",
                    null,
                    new Advice("bin/indexer doctor", "Unreachable"))));
  }

  private AlertMonitor monitor(int most) {
    return new AlertMonitor(
        folder,
        new AlertSettings(
            IncidentOptions.DEFAULT, 100, most, new SinkSettings(false, null, null, null, null)),
        List.of(),
        time);
  }
}

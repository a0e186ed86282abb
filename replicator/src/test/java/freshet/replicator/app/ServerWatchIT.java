package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.alert.OpenIncidents;
import freshet.replicator.flight.FlightRecorder;
import freshet.replicator.incident.Incident;
import freshet.replicator.incident.Severity;
import freshet.replicator.incident.Stage;
import freshet.replicator.pause.Pause;
import freshet.replicator.pause.PauseFolder;
import freshet.replicator.pull.HandmadeMaster;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.PointerCodec;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.swap.RepositoryFixture;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of what cron's builds publish, on a clock that the test moves. */
class ServerWatchIT {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path folder;

  private final ManualTime time = new ManualTime(NOON);
  private Advertisement published;
  private RepositoryLayout layout;
  private Path file;
  private FlightRecorder recorder;
  private ServerWatch watch;

  @BeforeEach
  void start() throws Exception {
    HandmadeMaster master = new HandmadeMaster(folder.resolve("master"));
    published = master.publish(3, "berlin");
    layout = new RepositoryLayout(master.root());
    file =
        Files.writeString(
            folder.resolve("serve.yaml"),
            """
            name: master
            repository: {folder: "%s"}
            alerts: {log: false}
            """
                .formatted(master.root()));
    ReplicatorConfig config = ReplicatorConfig.read(file, Map.of());
    recorder = ServerWatch.recorder(config, layout, time);
    watch = new ServerWatch(config, new LocalRepository(layout), recorder, time);
  }

  @AfterEach
  void stop() {
    watch.close();
    recorder.close();
  }

  @Test
  void anHourOfBuildsRaisesNoIncidentAndTheirEndRaisesOne() throws Exception {
    for (int minute = 0; minute < 60; minute++) {
      build();
      pass(60);
      assertThat(watch.open().incidents()).isEmpty();
    }

    pass(240);
    assertThat(causes()).isEmpty();
    pass(10);
    assertThat(causes()).containsExactly("nothing-fresh");
    assertThat(watch.open().incidents().getFirst().what()).contains("it is cron's to run");
    recorder.close();
    assertThat(incidents("list")).contains("firing    critical  nothing-fresh");
    assertThat(incidents("show", "nothing-fresh"))
        .contains("incident AgeAboveLimit nothing-fresh", "bytes/s sent");

    for (int minute = 0; minute < 3; minute++) {
      build();
      pass(60);
    }
    assertThat(watch.open().incidents()).isEmpty();
  }

  @Test
  void whatBuildsTellIsNotToldOnceMoreAndIsForSlavesToHear() throws Exception {
    build();
    for (int minute = 0; minute < 20; minute++) {
      new BuildIncidents(layout).write(failing(), time.now());
      pass(60);
    }
    assertThat(causes()).containsExactly("poll-fails");
    assertThat(watch.open().explanation().map(Incident::reference)).contains("cron: poll-fails");

    // No build runs any more, so that its word counts no longer.
    pass(300);
    assertThat(causes()).containsExactly("nothing-fresh");
  }

  @Test
  void aPauseThatNoBuildTellsOfIsTold() throws Exception {
    build();
    new PauseFolder(layout)
        .write(Pause.of(null, "ann@ops-1", NOON, Duration.ofHours(2), "new disk"));
    pass(200);
    assertThat(causes()).isEmpty();
    assertThat(watch.open().explanation().map(Incident::reference)).contains("master: paused");
    pass(200);
    assertThat(causes()).containsExactly("paused");
  }

  private String incidents(String... arguments) {
    StringWriter out = new StringWriter();
    List<String> all = new ArrayList<>(List.of("incident"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--config", file.toString()));
    String[] words = all.toArray(String[]::new);
    int code =
        ReplicatorMain.commandLine(words)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(out))
            .execute(words);
    assertThat(code).as(out.toString()).isZero();
    return out.toString();
  }

  /** A publication of this moment. */
  private void build() throws Exception {
    Advertisement latest = RepositoryFixture.saidAt(published, time.now(), time.now());
    Files.write(layout.latest(), PointerCodec.write(latest));
  }

  private static OpenIncidents failing() {
    return new OpenIncidents(
        "cron",
        List.of(
            new Incident(
                "cron/1",
                Incident.Phase.FIRING,
                "poll-fails",
                Stage.POLL,
                Severity.CRITICAL,
                "cron",
                NOON,
                "Unreachable",
                "connection refused",
                Collections.emptySortedSet(),
                null,
                null,
                0,
                "bin/indexer doctor",
                "Unreachable")),
        null);
  }

  private void pass(int seconds) {
    for (int second = 0; second < seconds; second += 5) {
      time.advance(Duration.ofSeconds(5));
      watch.look();
    }
  }

  private List<String> causes() {
    return watch.open().firing().stream().map(Incident::cause).toList();
  }
}

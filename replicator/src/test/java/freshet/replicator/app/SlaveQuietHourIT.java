package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.alert.AlertMonitor;
import freshet.replicator.incident.Incident;
import freshet.replicator.pause.Pause;
import freshet.replicator.pause.PauseFolder;
import freshet.replicator.pause.PauseWatch;
import freshet.replicator.pull.Puller;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.schedule.SlaveLoop;
import freshet.replicator.schedule.SlaveOptions;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.swap.RepositoryFixture;
import freshet.replicator.swap.SnapshotSwitch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slave with real pulls, a real switch and its real watch, on a clock that the test moves. */
class SlaveQuietHourIT {
  private static final int LOOK_SECONDS = 5;
  private static final IndexSchema SCHEMA =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(new FieldSpec("body", FieldType.TEXT, "standard", false, true, false)),
          List.of("body"));

  @TempDir private Path folder;

  private final ManualTime time = new ManualTime(Instant.parse("2026-03-01T12:00:00Z"));

  private final StopSignal stop = new StopSignal();
  private RepositoryFixture master;
  private Snapshot published;
  private RepositoryLayout layout;
  private RemoteRepository remote;
  private SnapshotSwitch live;
  private Serving serving;
  private Puller puller;
  private PauseWatch pauses;
  private SlaveFlight flight;
  private SlaveWatch watch;

  @BeforeEach
  void start() throws Exception {
    master = new RepositoryFixture(folder.resolve("master"), SCHEMA);
    publish();
    Path file =
        Files.writeString(
            folder.resolve("replicator.yaml"),
            """
            name: slave-1
            remote: {url: "%s"}
            store: {folder: store}
            alerts: {log: false}
            """
                .formatted(master.repository().layout().root()));
    ReplicatorConfig config = ReplicatorConfig.read(file, Map.of());
    layout = new RepositoryLayout(config.store().folder());
    LocalRepository store = new LocalRepository(layout);
    remote = Remotes.open(config, file, time);
    live = new SnapshotSwitch(store, 1, time);
    serving = new Serving(store, live, config.freshness(), time);
    puller = PullVerb.puller(config.store(), remote, time, stop);
    pauses = new PauseWatch(layout, time);
    SlaveLoop loop =
        new SlaveLoop(
            puller, SlaveOptions.DEFAULT, time, new Random(1), stop, pauses, outcome -> {});
    AlertMonitor monitor = SlaveWatch.monitor(config, time);
    SlaveView view =
        new SlaveView(
            config, "master", serving, puller, loop, monitor, pauses, Optional.empty(), time);
    flight = new SlaveFlight(config, config.remote(), time);
    watch =
        SlaveWatch.of(
            config, config.remote(), Optional.empty(), view, flight.recorder(), monitor, time);
  }

  @AfterEach
  void stop() throws Exception {
    watch.close();
    flight.close();
    stop.request();
    live.close();
    remote.close();
    master.close();
  }

  @Test
  void anHourOfQuietRaisesNoIncident() throws Exception {
    for (int second = 0; second < 3_600; second++) {
      second(true, second % 600 == 0);
      assertThat(watch.open().incidents()).isEmpty();
    }
  }

  @Test
  void aPullThatSilentlyStandsStillDoesAndAPauseIsToldAsOne() throws Exception {
    second(true, false);
    for (int second = 0; second < 310; second++) {
      second(false, false);
    }
    assertThat(watch.open().firing())
        .extracting(Incident::cause)
        .containsExactly("age-above-limit");
    for (int second = 0; second < 700; second++) {
      second(true, false);
    }
    assertThat(watch.open().incidents()).isEmpty();

    new PauseFolder(layout)
        .write(Pause.of(null, "ann@ops-1", time.now(), Duration.ofMinutes(10), "new disk"));
    boolean wasPending = false;
    for (int second = 0; second < 599; second++) {
      second(true, false);
      watch.look();
      assertThat(watch.open().incidents()).extracting(Incident::cause).containsOnly("paused");
      wasPending |= watch.open().firing().isEmpty();
    }
    assertThat(wasPending).isTrue();
    assertThat(watch.open().firing()).hasSize(1);
    for (int second = 0; second < 80; second++) {
      second(true, false);
    }
    assertThat(watch.open().incidents()).isEmpty();
  }

  /** The master goes on, and so does the slave where it is let, unless it is paused. */
  private void second(boolean pulls, boolean isNew) throws Exception {
    time.advance(Duration.ofSeconds(1));
    if (isNew) {
      publish();
    }
    advertise();
    if (pulls && pauses.whole() == null) {
      serving.heard(puller.pull(Duration.ZERO));
    }
    if (time.now().getEpochSecond() % LOOK_SECONDS == 0) {
      watch.look();
    }
  }

  private void publish() throws Exception {
    long now = time.now().getEpochSecond();
    published = master.put("berlin", now % 7, now, "second " + now).publish();
  }

  /** That everything is complete through this moment. */
  private void advertise() throws Exception {
    Advertisement claims = RepositoryFixture.advertisement(published);
    master.repository().advertise(RepositoryFixture.saidAt(claims, time.now(), time.now()));
  }
}

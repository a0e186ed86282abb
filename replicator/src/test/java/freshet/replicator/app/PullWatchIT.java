package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.alert.SlaveObservation.Kind;
import freshet.replicator.alert.SlaveObservation.PullTrouble;
import freshet.replicator.command.DaemonFile;
import freshet.replicator.command.Verb;
import freshet.replicator.files.ProcessLock;
import freshet.replicator.pause.Pauses;
import freshet.replicator.pull.HandmadeMaster;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.sink.Receiver;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.DatabaseClock;
import freshet.replicator.snapshot.PointerCodec;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cron's pulls tell, one run after the other. */
class PullWatchIT {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path folder;

  private final ManualTime time = new ManualTime(NOON);
  private final StringWriter said = new StringWriter();
  private Receiver receiver;
  private Path file;
  private Path store;
  private HandmadeMaster master;

  @BeforeEach
  void pullOnce() throws Exception {
    receiver = new Receiver();
    store = folder.resolve("store");
    master = new HandmadeMaster(folder.resolve("master"));
    file =
        Files.writeString(
            folder.resolve("replicator.yaml"),
            """
            name: slave-1
            remote: {url: "%s"}
            store: {folder: store}
            freshness: {limit: 1d}
            alerts: {log: false, webhook: {url: "%s"}}
            """
                .formatted(master.root(), receiver.uri("/hook")));
    Advertisement published = master.publish(3, "berlin");
    Files.write(
        new RepositoryLayout(master.root()).latest(), PointerCodec.write(completeNow(published)));
    assertThat(pull()).as(said.toString()).isZero();
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  @Test
  void aTroubleThatLastsOverTwoRunsIsToldOnceAndSoIsItsEnd() throws Exception {
    run(trouble());
    assertThat(receiver.count()).isZero();
    for (int minute = 0; minute < 5; minute++) {
      time.advance(Duration.ofMinutes(1));
      run(trouble());
    }
    assertThat(receiver.take().body())
        .contains("\"event\":\"firing\"", "\"cause\":\"disk-full\"", "\"where\":\"slave-1\"");
    assertThat(receiver.count()).isZero();

    run(null);
    time.advance(Duration.ofMinutes(1));
    run(null);
    assertThat(receiver.take().body())
        .contains("\"event\":\"resolved\"", "\"cause\":\"disk-full\"");
    time.advance(Duration.ofMinutes(1));
    run(null);
    assertThat(receiver.count()).isZero();
  }

  @Test
  void aTroubleOfOneRunAloneIsToldToNobody() throws Exception {
    run(trouble());
    time.advance(Duration.ofMinutes(1));
    run(null);
    time.advance(Duration.ofMinutes(1));
    run(trouble());
    assertThat(receiver.count()).isZero();
  }

  @Test
  void whatDidNotArriveIsSentByTheNextRun() throws Exception {
    run(trouble());
    time.advance(Duration.ofMinutes(1));
    receiver.close();
    run(trouble());
    receiver = new Receiver();
    Files.writeString(
        file,
        Files.readString(file)
            .replaceFirst(
                "webhook: .url: \"[^\"]*\"", "webhook: {url: \"" + receiver.uri("/") + "\""));

    run(trouble());

    assertThat(receiver.take().body()).contains("\"event\":\"firing\"");
  }

  @Test
  void whereADaemonOrAnotherRunWatchesNothingIsLookedAt() throws Exception {
    Path alerts = store.resolve("control/alerts/incidents.json");
    Files.deleteIfExists(alerts);
    Path lock = new RepositoryLayout(store).control().resolve("alerts.lock");
    if (ProcessLock.tryTake(lock, "another") instanceof ProcessLock.Attempt.Taken taken) {
      run(trouble());
      taken.lock().close();
    }
    assertThat(alerts).doesNotExist();

    new DaemonFile(store).write(URI.create("http://127.0.0.1:1"), time.now());
    run(trouble());
    assertThat(alerts).doesNotExist();
    new DaemonFile(store).delete();
    run(trouble());
    assertThat(alerts).exists();
  }

  @Test
  void thePullItselfLooksAndKeepsItsExitCode() throws Exception {
    Files.move(master.root(), folder.resolve("aside"));

    int code = pull();

    assertThat(code).isNotZero();
    assertThat(store.resolve("control/alerts/incidents.json"))
        .content()
        .contains("remote-unreachable");
  }

  /** By this host's clock, which the age of what a folder holds is measured by. */
  private static Advertisement completeNow(Advertisement published) {
    Instant now = new SystemTime().now();
    return new Advertisement(
        published.format(),
        published.minReader(),
        published.repository(),
        published.generation(),
        published.manifest(),
        now,
        now,
        Map.of(),
        new DatabaseClock(Duration.ZERO, Duration.ZERO),
        null,
        List.of(),
        null,
        null);
  }

  private int pull() {
    String[] arguments = {"pull", "--config", file.toString()};
    PrintWriter talk = new PrintWriter(said, true);
    return Verb.run(
        ReplicatorMain.commandLine(arguments).setOut(talk).setErr(talk),
        new ReplicatorFailures(),
        arguments);
  }

  private void run(@Nullable PullTrouble trouble) throws Exception {
    ReplicatorConfig config = ReplicatorConfig.read(file, Map.of());
    try (SlaveFlight flight = new SlaveFlight(config, config.remote(), time)) {
      new PullWatch(config, config.remote(), Pauses.NONE, flight, time).look(trouble);
    }
  }

  private PullTrouble trouble() {
    return new PullTrouble(Kind.DISK, "LowDisk", time.now(), 1, "1 MB is free");
  }
}

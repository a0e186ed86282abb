package freshet.replicator.flight;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.incident.Stage;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.runtime.SystemTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightRecorderIT {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path folder;

  private final ManualTime time = new ManualTime(NOON);
  private Path proc;
  private Path flight;

  @BeforeEach
  void makeHost() throws IOException {
    proc = folder.resolve("proc");
    flight = folder.resolve("flight");
    Files.createDirectories(proc.resolve("net"));
    host(100, 7, 1_000, 50);
  }

  @Test
  void aFailureKeepsWhatTheHostWasLike() throws Exception {
    AtomicLong sent = new AtomicLong();
    try (FlightRecorder recorder = start(FlightOptions.DEFAULT)) {
      recorder.watch(() -> new Traffic(2, sent.get()));
      recorder.connected(
          new Connect(
              NOON,
              "replica-1:3306",
              Map.of("tcp", Duration.ofMillis(2), "greeting", Duration.ofSeconds(3)),
              "greeting"));
      // The first sample, taken for this failure, is what the next one is compared with.
      recorder.failed(failure("Unreachable"));
      awaitRecordings(1);
      time.advance(Duration.ofMillis(500));
      sent.set(5_000_000);
      host(104, 9, 1_200, 150);
      recorder.failed(failure("HandshakeTimedOut"));
    }

    Recording recording = recordings().getLast();
    assertThat(recording.node()).isEqualTo("master");
    assertThat(recording.failure().failure()).isEqualTo("HandshakeTimedOut");
    assertThat(recording.connects())
        .singleElement()
        .extracting(Connect::failedIn)
        .isEqualTo("greeting");
    assertThat(recording.missing())
        .containsExactly(
            "disk wait: %s is not there".formatted(proc.resolve("pressure/io")),
            "disks at work: %s is not there".formatted(proc.resolve("diskstats")));
    Sample last = recording.samples().getLast();
    assertThat(last.over()).isEqualTo(Duration.ofMillis(500));
    assertThat(last.servedBytes()).isEqualTo(5_000_000);
    assertThat(last.transfers()).isEqualTo(2);
    assertThat(last.retransmits()).isEqualTo(4);
    assertThat(last.drops()).isEqualTo(2);
    assertThat(last.synRetransmits()).isNull();
    assertThat(last.stealPercent()).isEqualTo(50.0);
    assertThat(last.diskWait()).isNull();
  }

  @Test
  void repeatedFailuresOfAKindShareARecordingForAMinute() throws Exception {
    try (FlightRecorder recorder = start(FlightOptions.DEFAULT)) {
      recorder.failed(failure("Unreachable"));
      awaitRecordings(1);
      time.advance(Duration.ofSeconds(59));
      recorder.failed(failure("Unreachable"));
      recorder.failed(failure("Unreachable"));
      recorder.failed(failure("Stalled"));
      awaitRecordings(2);
      time.advance(Duration.ofSeconds(1));
      recorder.failed(failure("Unreachable"));
      awaitRecordings(3);
    }

    assertThat(recordings())
        .extracting(each -> each.failure().failure())
        .containsExactly("Unreachable", "Stalled", "Unreachable");
    assertThat(new FlightFolder(flight).failures())
        .extracting(each -> each.failure() + " " + each.times() + " " + each.at())
        .containsExactlyInAnyOrder(
            "Unreachable 1 2026-03-01T12:00:00Z",
            "Unreachable 2 2026-03-01T12:00:59Z",
            "Stalled 1 2026-03-01T12:00:59Z",
            "Unreachable 1 2026-03-01T12:01:00Z");
  }

  @Test
  void whatFailedBeforeARestartIsRememberedForAnHour() throws Exception {
    try (FlightRecorder recorder = start(FlightOptions.DEFAULT)) {
      recorder.failed(failure("Early"));
      time.advance(Duration.ofMinutes(30));
      recorder.failed(failure("Unreachable"));
      recorder.failed(failure("Unreachable"));
    }

    time.advance(Duration.ofMinutes(30));
    try (FlightRecorder recorder = start(FlightOptions.DEFAULT)) {
      recorder.failed(failure("Unreachable"));
      awaitRecordings(3);

      assertThat(recorder.recent())
          .as("what this process wrote itself is not read as well")
          .containsExactly(failure("Unreachable").times(3));
      assertThat(recorder.recent()).containsExactly(failure("Unreachable").times(3));
    }
  }

  @Test
  void theOldestRecordingsGoBeyondTheBounds() throws Exception {
    try (FlightRecorder recorder = start(new FlightOptions(3, 1 << 20, 1 << 20))) {
      for (int i = 0; i < 6; i++) {
        recorder.failed(failure("Failure" + i));
        time.advance(Duration.ofSeconds(1));
      }
    }
    assertThat(recordings())
        .extracting(each -> each.failure().failure())
        .containsExactly("Failure3", "Failure4", "Failure5");

    try (FlightRecorder recorder = start(new FlightOptions(3, 1, 1 << 20))) {
      recorder.failed(failure("Last"));
    }
    assertThat(recordings()).as("the newest one always stays").hasSize(1);
  }

  @Test
  void whatWasRecordedBeforeTheClockWasSetBackGoesFirst() throws Exception {
    FlightOptions options = new FlightOptions(3, 1 << 20, 1 << 20);
    try (FlightRecorder recorder = start(options)) {
      for (int i = 0; i < 3; i++) {
        recorder.failed(failure("Ahead" + i));
        time.advance(Duration.ofSeconds(1));
      }
    }
    time.stepWallClock(Duration.ofDays(-1));
    try (FlightRecorder recorder = start(options)) {
      recorder.failed(failure("First"));
      time.advance(Duration.ofSeconds(1));
      recorder.failed(failure("Second"));
    }

    assertThat(recordings())
        .extracting(each -> each.failure().failure())
        .containsExactly("First", "Second", "Ahead2");
  }

  @Test
  void whatCantBeWrittenIsDroppedAndCountedAndFailsNobody() throws Exception {
    Files.writeString(flight, "this is no folder");
    FlightRecorder recorder = start(FlightOptions.DEFAULT);
    try (recorder) {
      for (int i = 0; i < 3; i++) {
        recorder.failed(failure("Failure" + i));
      }
    }

    assertThat(recorder.dropped()).as("the folder, then a line and a file each").isEqualTo(7);
  }

  @Test
  void theLogIsBoundedAndALineThatWasCutShortHarmsNoOther() throws Exception {
    Files.createDirectories(flight);
    FailureLog log = new FailureLog(flight);
    for (int i = 0; i < 100; i++) {
      log.append(failure("Failure" + i), 8_000);
    }
    List<Failure> kept = log.read();
    assertThat(kept.getLast().failure()).isEqualTo("Failure99");
    assertThat(kept).hasSizeBetween(15, 60);
    try (Stream<Path> files = Files.list(flight)) {
      assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThan(8_000);
    }

    Path newer = flight.resolve("failures.jsonl");
    byte[] bytes = Files.readAllBytes(newer);
    Files.write(newer, Arrays.copyOf(bytes, bytes.length - 9));
    log.append(failure("After"), 1 << 20);

    assertThat(log.read())
        .hasSize(kept.size())
        .last()
        .extracting(Failure::failure)
        .isEqualTo("After");
  }

  @Test
  void aLineThatIsDamagedHarmsNoOther() throws Exception {
    Files.createDirectories(flight);
    FailureLog log = new FailureLog(flight);
    log.append(failure("First"), 1 << 20);
    log.append(failure("Second"), 1 << 20);
    Path file = flight.resolve("failures.jsonl");
    byte[] bytes = Files.readAllBytes(file);
    bytes[1] = (byte) 0xff;
    Files.write(file, bytes);

    assertThat(log.read()).containsExactly(failure("Second"));
  }

  @Test
  void recordingsBelongToTheIncidentOfTheirStageAndTime() throws Exception {
    List<Recording> made = new ArrayList<>();
    FlightFolder written = new FlightFolder(flight);
    written.prepare();
    for (Failure failure :
        List.of(
            failure("Early", NOON.minusSeconds(61)),
            failure("Before", NOON.minusSeconds(59)),
            failure("Within", NOON.plusSeconds(5)),
            Failure.of(NOON.plusSeconds(6), Stage.PUBLISH, "publish", "DiskFailed", "", ""),
            Failure.ofIncident(NOON.plusSeconds(60), Stage.POLL, "Told", "poll-fails", ""),
            Failure.ofIncident(NOON.plusSeconds(61), Stage.POLL, "Other", "no-change-read", ""),
            failure("Late", NOON.plusSeconds(91)))) {
      made.add(new Recording(1, "master", failure, List.of(), List.of(), List.of()));
      written.write(made.getLast(), FlightOptions.DEFAULT);
    }

    assertThat(written.recordings("poll-fails", Stage.POLL, NOON, NOON.plusSeconds(90)))
        .containsExactly(made.get(1), made.get(2), made.get(4));
  }

  @Test
  void aRealHostIsSampledEverySecond() throws Exception {
    try (FlightRecorder recorder =
        FlightRecorder.start(flight, "master", FlightOptions.DEFAULT, new SystemTime())) {
      AtomicLong asked = new AtomicLong();
      recorder.watch(() -> new Traffic(0, asked.incrementAndGet()));
      while (asked.get() < 2) {
        Thread.onSpinWait();
      }
      recorder.failed(failure("Unreachable"));
      awaitRecordings(1);

      assertThat(recorder.sampling()).isPositive();
    }
    assertThat(recordings().getFirst().samples()).hasSizeGreaterThan(1);
  }

  @Test
  void aCollectionIsNoticed() {
    try (GcPauses gc = new GcPauses()) {
      GcPauses.Paused paused = gc.take();
      while (paused.count() == 0) {
        System.gc();
        paused = gc.take();
      }
      assertThat(paused.longest()).isLessThanOrEqualTo(paused.total());
    }
  }

  private FlightRecorder start(FlightOptions options) {
    return FlightRecorder.start(flight, "master", options, new HostReader(proc), time);
  }

  private void host(int retransmits, int drops, int ticks, int steal) throws IOException {
    Files.writeString(
        proc.resolve("net/snmp"),
        "Tcp: OutSegs RetransSegs\nTcp: 1000 %d\n".formatted(retransmits));
    Files.writeString(
        proc.resolve("net/netstat"),
        "TcpExt: ListenDrops TCPBacklogDrop\nTcpExt: 0 %d\n".formatted(drops));
    Files.writeString(
        proc.resolve("stat"), "cpu  0 0 0 %d 0 0 0 %d 0 0\n".formatted(ticks - steal, steal));
  }

  private void awaitRecordings(int count) throws IOException {
    while (recordings().size() < count) {
      Thread.onSpinWait();
    }
  }

  private List<Recording> recordings() throws IOException {
    return new RecordingFolder(flight.resolve("recordings"))
        .read(Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"), each -> true);
  }

  private Failure failure(String name) {
    return failure(name, time.now());
  }

  private static Failure failure(String name, Instant at) {
    return Failure.of(at, Stage.POLL, "connect", name, "replica-1:3306", "it failed");
  }
}

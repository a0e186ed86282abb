package freshet.replicator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.incident.Advice;
import freshet.replicator.incident.Cause;
import freshet.replicator.incident.Incident;
import freshet.replicator.incident.IncidentOptions;
import freshet.replicator.incident.Notice;
import freshet.replicator.incident.Severity;
import freshet.replicator.incident.Stage;
import freshet.replicator.incident.Symptom;
import freshet.replicator.runtime.Backoff;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.sink.Message;
import freshet.replicator.sink.Receiver;
import freshet.replicator.sink.Sink;
import freshet.replicator.sink.SinkException;
import freshet.replicator.sink.SinkSettings;
import freshet.replicator.sink.WebhookSink;
import freshet.replicator.snapshot.SnapshotCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertMonitorIT {
  private static final Cause POLL = Cause.of("poll-fails", Stage.POLL, Severity.CRITICAL);

  @TempDir private Path folder;

  private final ManualTime time = new ManualTime(Instant.parse("2026-03-01T12:00:00Z"));

  @Test
  void aSinkThatStandsStillDelaysNoOther() throws Exception {
    HeldSink dead = new HeldSink("dead", 0);
    HeldSink well = new HeldSink("well", 100);
    try (AlertMonitor monitor = monitor(dead, well)) {
      failFor(monitor, 70);
      recoverFor(monitor, 70);

      assertThat(well.take().notice().event()).isEqualTo(Notice.Event.FIRING);
      assertThat(well.take().notice().event()).isEqualTo(Notice.Event.RESOLVED);
      assertThat(dead.isEmpty()).isTrue();
      dead.allow(2);
      assertThat(dead.take().notice().event()).isEqualTo(Notice.Event.FIRING);
      assertThat(dead.take().notice().event()).isEqualTo(Notice.Event.RESOLVED);
    }
    assertThat(well.isEmpty()).isTrue();
  }

  @Test
  void aReceiverThatFailsAndComesBackGetsEachMessageOnceInOrder() throws Exception {
    try (Receiver receiver = new Receiver();
        AlertMonitor monitor =
            monitor(
                new WebhookSink(
                    new WebhookSink.Settings(receiver.uri("/"), null, Duration.ofSeconds(30))))) {
      receiver.status(503);
      failFor(monitor, 70);
      String refused = receiver.take().body();
      recoverFor(monitor, 70);
      receiver.take();
      receiver.status(200);

      String delivered = receiver.take().body();
      while (!delivered.contains("\"event\":\"resolved\"")) {
        assertThat(delivered).isEqualTo(refused);
        delivered = receiver.take().body();
      }
    }
  }

  @Test
  void oneRefusalAfterManyFailuresGivesNothingUp() throws Exception {
    try (Receiver receiver = new Receiver()) {
      Semaphore allowed = new Semaphore(0);
      WebhookSink webhook =
          new WebhookSink(
              new WebhookSink.Settings(receiver.uri("/"), null, Duration.ofSeconds(30)));
      try (AlertMonitor monitor = monitor(new SteppedSink(webhook, allowed))) {
        failFor(monitor, 70);
        attempts(6, 503, receiver, allowed);
        attempts(4, 400, receiver, allowed);
        attempts(1, 200, receiver, allowed);
        awaitNothingWaits(monitor);
        assertThat(monitor.dropped()).isZero();

        recoverFor(monitor, 70);
        attempts(5, 400, receiver, allowed);
        awaitNothingWaits(monitor);
        assertThat(monitor.dropped()).isEqualTo(1);

        failFor(monitor, 70);
        receiver.status(200);
        allowed.release();
        assertThat(receiver.take().body()).contains("\"event\":\"firing\"", "\"dropped\":1");
        awaitNothingWaits(monitor);
      }
    }
  }

  private static void attempts(int count, int status, Receiver receiver, Semaphore allowed)
      throws InterruptedException {
    receiver.status(status);
    for (int i = 0; i < count; i++) {
      allowed.release();
      receiver.take();
    }
  }

  /** One that makes an attempt whenever it is allowed to. */
  private record SteppedSink(Sink to, Semaphore allowed) implements Sink {
    @Override
    public String name() {
      return to.name();
    }

    @Override
    public String target() {
      return to.target();
    }

    @Override
    public void send(Message message) throws SinkException, InterruptedException {
      allowed.acquire();
      to.send(message);
    }
  }

  @Test
  void aRestartNeitherForgetsNorTellsTwice() throws Exception {
    HeldSink before = new HeldSink("page", 100);
    try (AlertMonitor monitor = monitor(before)) {
      failFor(monitor, 70);
      before.take();
      awaitNothingWaits(monitor);
    }
    HeldSink after = new HeldSink("page", 100);
    try (AlertMonitor monitor = monitor(after)) {
      failFor(monitor, 300);
      assertThat(after.isEmpty()).isTrue();
      recoverFor(monitor, 70);

      Notice notice = after.take().notice();
      assertThat(notice.event()).isEqualTo(Notice.Event.RESOLVED);
      assertThat(notice.incident().since()).isEqualTo(Instant.parse("2026-03-01T12:00:00Z"));
    }
  }

  @Test
  void whatArrivesWhileTheProcessEndsIsNotSentAgain() throws Exception {
    HeldSink slow = new HeldSink("page", 0);
    try (AlertMonitor monitor = monitor(slow)) {
      failFor(monitor, 70);
      slow.awaitAttempt();
      Thread closing = Thread.ofPlatform().start(monitor::close);
      while (closing.getState() != Thread.State.TIMED_WAITING) {
        assertThat(closing.isAlive()).isTrue();
      }
      slow.allow(1);
      closing.join();
      assertThat(folder.resolve("outbox/page/000000000000000001.json")).doesNotExist();
    }
  }

  @Test
  void whatWasDecidedAndNotHandedOverIsSentByTheNextStart() throws Exception {
    HeldSink dead = new HeldSink("page", 0);
    try (AlertMonitor monitor = monitor(dead)) {
      failFor(monitor, 70);
    }
    // A kill right after the decision: the notice is in the memory, and in no outbox.
    Path memory = folder.resolve("incidents.json");
    AlertMemory decided = AlertMemory.read(memory);
    Path waiting = folder.resolve("outbox/page/000000000000000001.json");
    Notice notice = SnapshotCodec.read(Files.readAllBytes(waiting), Notice.class, "notice");
    Files.delete(waiting);
    new AlertMemory(decided.book(), 2, List.of(notice)).write(memory);

    HeldSink sink = new HeldSink("page", 100);
    try (AlertMonitor monitor = monitor(sink)) {
      assertThat(sink.take().notice()).isEqualTo(notice);
      awaitNothingWaits(monitor);
    }
    HeldSink later = new HeldSink("page", 100);
    try (AlertMonitor monitor = monitor(later)) {
      failFor(monitor, 70);
      recoverFor(monitor, 70);
      assertThat(later.take().notice().event()).isEqualTo(Notice.Event.RESOLVED);
    }
  }

  @Test
  void aMemoryThatIsDamagedIsBegunAnewAndReusesNoNumber() throws Exception {
    HeldSink dead = new HeldSink("page", 0);
    try (AlertMonitor monitor = monitor(dead)) {
      failFor(monitor, 70);
    }
    Files.writeString(folder.resolve("incidents.json"), "{");

    HeldSink sink = new HeldSink("page", 100);
    try (AlertMonitor monitor = monitor(sink)) {
      failFor(monitor, 70);
      assertThat(sink.take().notice().at()).isEqualTo(Instant.parse("2026-03-01T12:01:00Z"));
      assertThat(sink.take().notice().event()).isEqualTo(Notice.Event.FIRING);
    }
  }

  @Test
  void aProcessThatEndsSendsWhatWaitsAndTellsAgainWhatIsOpen() throws Exception {
    for (int run = 0; run < 3; run++) {
      HeldSink dead = new HeldSink("dead", 0);
      OpenSink well = new OpenSink(new AtomicInteger(), new AtomicInteger());
      try (AlertMonitor monitor = monitor(well, dead)) {
        fail(monitor);
        monitor.send(Duration.ofMillis(500));
        // Its thread may have begun late, and a message is taken a moment before its outbox knows.
        while (well.sent.get() < (run == 1 ? 1 : 0)
            || well.told.get() < (run == 0 ? 0 : 1)
            || monitor.waiting() > (run == 0 ? 0 : 1)) {
          Thread.onSpinWait();
        }
        // The first run found it, the second told it, the third tells that it is still open.
        assertThat(well.sent).hasValue(run == 1 ? 1 : 0);
        assertThat(well.told).hasValue(run == 0 ? 0 : 1);
        assertThat(monitor.waiting()).isEqualTo(run == 0 ? 0 : 1);
      }
      time.advance(Duration.ofMinutes(1));
    }
  }

  /** One that wants to be told again every minute of what is open. */
  private record OpenSink(AtomicInteger sent, AtomicInteger told) implements Sink {
    @Override
    public String name() {
      return "well";
    }

    @Override
    public String target() {
      return "a test";
    }

    @Override
    public void send(Message message) {
      sent.incrementAndGet();
    }

    @Override
    public Duration refreshEvery() {
      return Duration.ofMinutes(1);
    }

    @Override
    public void refresh(List<Incident> open) {
      told.addAndGet(open.size());
    }
  }

  @Test
  void aWallClockThatStepsOpensAndEndsNothing() {
    HeldSink sink = new HeldSink("page", 100);
    try (AlertMonitor monitor = monitor(sink)) {
      fail(monitor);
      time.stepWallClock(Duration.ofDays(1));
      fail(monitor);
      time.stepWallClock(Duration.ofDays(-2));
      fail(monitor);

      assertThat(monitor.waiting()).isZero();
      assertThat(monitor.open().incidents()).hasSize(1);
    }
    assertThat(sink.isEmpty()).isTrue();
  }

  @Test
  void whatIsLookedAtWasStampedByTheWallClock() {
    try (AlertMonitor monitor = monitor()) {
      for (Duration step : List.of(Duration.ofHours(1), Duration.ofHours(-3))) {
        time.stepWallClock(step);
        time.advance(Duration.ofSeconds(5));
        AtomicReference<Instant> seen = new AtomicReference<>();
        monitor.look(
            "master",
            null,
            null,
            at -> {
              seen.set(at);
              return List.of();
            });
        assertThat(seen).hasValue(time.now());
      }
    }
  }

  @Test
  void aWallClockThatStepsMakesNothingLastLongerOrLess() throws Exception {
    HeldSink sink = new HeldSink("page", 100);
    try (AlertMonitor monitor = monitor(sink)) {
      failFor(monitor, 30);
      time.stepWallClock(Duration.ofHours(-1));
      failFor(monitor, 30);
      assertThat(sink.isEmpty()).isTrue();
      fail(monitor);
      assertThat(sink.take().notice().event()).isEqualTo(Notice.Event.FIRING);

      recoverFor(monitor, 30);
      time.stepWallClock(Duration.ofHours(2));
      recoverFor(monitor, 30);
      awaitNothingWaits(monitor);
      assertThat(sink.isEmpty()).isTrue();
      recoverFor(monitor, 5);
      assertThat(sink.take().notice().event()).isEqualTo(Notice.Event.RESOLVED);
    }
  }

  @Test
  void aClockThatWasSetBackBetweenTwoProcessesHidesNothing() throws Exception {
    try (AlertMonitor monitor = monitor()) {
      fail(monitor);
    }
    time.stepWallClock(Duration.ofDays(-400));
    HeldSink sink = new HeldSink("page", 100);
    try (AlertMonitor monitor = monitor(sink)) {
      failFor(monitor, 70);
      assertThat(sink.take().notice().event()).isEqualTo(Notice.Event.FIRING);
    }
    time.stepWallClock(Duration.ofDays(-400));
    HeldSink later = new HeldSink("page", 100);
    try (AlertMonitor monitor = monitor(later)) {
      recoverFor(monitor, 70);
      assertThat(later.take().notice().event()).isEqualTo(Notice.Event.RESOLVED);
    }
  }

  @Test
  void anHourOfQuietTellsNothing() {
    HeldSink sink = new HeldSink("page", 100);
    try (AlertMonitor monitor = monitor(sink)) {
      recoverFor(monitor, 3_600);
    }
    assertThat(sink.isEmpty()).isTrue();
  }

  private void failFor(AlertMonitor monitor, int seconds) {
    for (int i = 0; i < seconds; i += 5) {
      fail(monitor);
      time.advance(Duration.ofSeconds(5));
    }
  }

  private void recoverFor(AlertMonitor monitor, int seconds) {
    for (int i = 0; i < seconds; i += 5) {
      monitor.look("master", "1-0000000007", null, at -> List.of());
      time.advance(Duration.ofSeconds(5));
    }
  }

  private static void fail(AlertMonitor monitor) {
    Symptom symptom =
        Symptom.of(
            POLL,
            "HandshakeTimedOut",
            "no greeting",
            null,
            new Advice("bin/indexer doctor", "HandshakeTimedOut"));
    monitor.look("master", "1-0000000007", null, at -> List.of(symptom));
  }

  /** A message is taken a moment before its outbox knows. */
  private static void awaitNothingWaits(AlertMonitor monitor) {
    while (monitor.waiting() > 0) {
      Thread.onSpinWait();
    }
  }

  private AlertMonitor monitor(Sink... sinks) {
    AlertSettings settings =
        new AlertSettings(
            IncidentOptions.DEFAULT, 100, 3, new SinkSettings(false, null, null, null, null));
    Backoff soon = new Backoff(Duration.ofMillis(20), Duration.ofMillis(20), new Random(7));
    return new AlertMonitor(folder, settings, List.of(sinks), soon, time);
  }
}

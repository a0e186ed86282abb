package freshet.replicator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.alert.SlaveObservation.PullTrouble;
import freshet.replicator.pause.Pause;
import freshet.replicator.pause.PauseFolder;
import freshet.replicator.pause.PauseWatch;
import freshet.replicator.pull.HandmadeMaster;
import freshet.replicator.pull.PullOptions;
import freshet.replicator.pull.PullOutcome;
import freshet.replicator.pull.Puller;
import freshet.replicator.remote.FolderServer;
import freshet.replicator.remote.RemoteAccess;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlaveLoopIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final Time time = new SystemTime();
  private final StopSignal stop = new StopSignal();
  private final BlockingQueue<PullOutcome> outcomes = new LinkedBlockingQueue<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private HandmadeMaster master;
  private FolderServer server;
  private RemoteRepository remote;
  private CronSchedule cron;
  private PauseWatch pauses;
  private SlaveLoop loop;
  private volatile boolean isFailing = true;

  @BeforeEach
  void start() throws IOException {
    master = new HandmadeMaster(folder.resolve("master"));
    server = new FolderServer(master.root());
    cron = new CronSchedule("slave-cron", 1, ZoneOffset.UTC, Duration.ofSeconds(1), time);
  }

  @AfterEach
  void stop() throws InterruptedException {
    stop.request();
    cron.close();
    assertThat(loop.awaitEnd(Duration.ofSeconds(10))).isTrue();
    assertThat(loop.status().state()).isInstanceOf(SlaveLoop.State.Stopped.class);
    server.close();
  }

  @Test
  void eachSnapshotIsPulledOnNotice() throws Exception {
    master.publish(3, "a");
    begin(null);
    assertThat(nextInstalled().snapshot()).isEqualTo(master.current());
    for (int i = 0; i < 3; i++) {
      master.publish(1, "a", "b");
      assertThat(nextInstalled().snapshot()).isEqualTo(master.current());
    }
    until(() -> loop.status().state() instanceof SlaveLoop.State.WaitingForNotice);
    assertThat(loop.status().last()).isInstanceOf(PullOutcome.Installed.class);
  }

  @Test
  void aMasterThatPublishesLateIsWaitedFor() throws Exception {
    begin(null);
    assertThat(outcomes.poll(10, TimeUnit.SECONDS)).isInstanceOf(PullOutcome.Nothing.class);
    master.publish(3, "a");
    assertThat(nextInstalled().snapshot()).isEqualTo(master.current());
  }

  @Test
  void failuresBackOffWithTheirCauseAndAreRecoveredFrom() throws Exception {
    master.publish(3, "a");
    String manifest = RepositoryLayout.snapshotName(master.current().generation());
    failWhileAsked(manifest);
    begin(null);
    until(
        () ->
            loop.status().state() instanceof SlaveLoop.State.BackingOff off
                && off.failures() >= 2
                && off.cause().contains("HTTP 503"));

    isFailing = false;

    assertThat(nextInstalled().snapshot()).isEqualTo(master.current());
    assertThat(failures).startsWith("Unavailable 1", "Unavailable 2");
  }

  @Test
  void cronPullsToo() throws Exception {
    master.publish(3, "a");
    begin("* * * * * ?");
    nextInstalled();
    assertThat(loop.status().nextCron()).isNotNull();
    assertThat(outcomes.poll(10, TimeUnit.SECONDS)).isInstanceOf(PullOutcome.UpToDate.class);
  }

  @Test
  void aStopIsHeardWhileTheMasterHangs() throws Exception {
    master.publish(3, "a");
    server.fault("LATEST", new FolderServer.Fault.Silence());
    begin(null);
    until(() -> !server.takeRequests().isEmpty());
    long before = time.nanoTime();

    stop.request();

    assertThat(loop.awaitEnd(Duration.ofSeconds(10))).isTrue();
    assertThat(time.since(before)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void aStopIsHeardInMidBody() throws Exception {
    master.publish(500, "a");
    String file = master.files("a").getFirst();
    server.fault(file, new FolderServer.Fault.Stall(100));
    begin(null);
    until(() -> server.takeRequests().contains(file));
    long before = time.nanoTime();

    stop.request();

    assertThat(loop.awaitEnd(Duration.ofSeconds(10))).isTrue();
    assertThat(time.since(before)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void aPausedLoopPullsNeitherOnNoticeNorByCronAndGoesOnOnceItIsResumed() throws Exception {
    PauseFolder files = new PauseFolder(store());
    begin("* * * * * ?");
    assertThat(outcomes.poll(10, TimeUnit.SECONDS)).isInstanceOf(PullOutcome.Nothing.class);

    files.write(Pause.of(null, "ann@ops-1", time.now(), Duration.ofMinutes(10), "new disk"));
    until(() -> pauses.whole() != null);
    cronPasses(2);
    // The notice is heard, and followed by no pull.
    outcomes.clear();
    master.publish(3, "a");
    until(
        () ->
            loop.status().state() instanceof SlaveLoop.State.Paused paused
                && paused.pause().by().equals("ann@ops-1"));
    server.takeRequests();
    cronPasses(2);
    assertThat(outcomes).isEmpty();
    assertThat(server.takeRequests()).isEmpty();

    files.remove(null);
    assertThat(nextInstalled().snapshot()).isEqualTo(master.current());
  }

  @Test
  void aPauseForgetsATroubleThatNobodyTriesAnyMore() throws Exception {
    master.publish(3, "a");
    failWhileAsked(RepositoryLayout.snapshotName(master.current().generation()));
    begin(null);
    until(() -> loop.status().trouble() != null);

    new PauseFolder(store())
        .write(Pause.of(null, "ann@ops-1", time.now(), Duration.ofMinutes(10), null));

    until(() -> loop.status().state() instanceof SlaveLoop.State.Paused);
    assertThat(loop.status().trouble()).isNull();
  }

  private void cronPasses(int times) throws InterruptedException {
    Instant next = loop.status().nextCron();
    until(() -> !loop.status().nextCron().isBefore(next.plusSeconds(times)));
  }

  private RepositoryLayout store() {
    return new RepositoryLayout(folder.resolve("store"));
  }

  private final class Hearing implements PullListener {
    @Override
    public void heard(PullOutcome outcome) {
      outcomes.add(outcome);
    }

    @Override
    public void failed(PullTrouble trouble) {
      failures.add(trouble.failure() + " " + trouble.count());
    }
  }

  private void begin(String expression) {
    remote =
        RemoteRepository.open(
            server.url(),
            new RemoteOptions(LONG, LONG, LONG, 1, Duration.ofMillis(50), RemoteAccess.DEFAULT),
            time);
    stop.onRequest(remote::close);
    Puller puller =
        new Puller(
            remote,
            new LocalRepository(store()),
            new PullOptions(2, 0),
            time,
            stop,
            installed -> {});
    SlaveOptions options =
        new SlaveOptions(
            Duration.ofSeconds(20), expression, Duration.ofMillis(20), Duration.ofMillis(100));
    pauses = new PauseWatch(store(), time);
    loop =
        new SlaveLoop(
            puller,
            options,
            time,
            new Random(1),
            stop,
            new PauseWatch(store(), time),
            new Hearing());
    loop.start(cron);
  }

  private void failWhileAsked(String name) {
    server.before(
        name,
        () -> {
          if (isFailing) {
            server.fault(name, new FolderServer.Fault.Status(503, Map.of()));
            failWhileAsked(name);
          }
        });
  }

  private PullOutcome.Installed nextInstalled() throws InterruptedException {
    Deadline deadline = Deadline.after(time, Duration.ofSeconds(20));
    while (!deadline.isPast()) {
      PullOutcome outcome = outcomes.poll(1, TimeUnit.SECONDS);
      if (outcome instanceof PullOutcome.Installed installed) {
        return installed;
      }
    }
    throw new AssertionError("nothing was installed: " + loop.status());
  }

  private void until(BooleanSupplier condition) throws InterruptedException {
    Deadline deadline = Deadline.after(time, Duration.ofSeconds(20));
    while (!condition.getAsBoolean()) {
      assertThat(deadline.isPast()).as("state " + loop.status()).isFalse();
      time.sleep(Duration.ofMillis(5));
    }
  }
}

package freshet.replicator.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.remote.FolderServer.Fault;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpRemoteIT {
  private static final RemoteOptions OPTIONS =
      options(Duration.ofSeconds(20), Duration.ofSeconds(20));
  private static final Digest ANY = Digest.ofText("any");

  @TempDir Path folder;
  private final Time time = new SystemTime();
  private FolderServer server;
  private RemoteRepository remote;

  private static RemoteOptions options(Duration headers, Duration bodyGap) {
    return new RemoteOptions(
        Duration.ofSeconds(20), headers, bodyGap, 1, Duration.ofMillis(20), RemoteAccess.DEFAULT);
  }

  @BeforeEach
  void start() throws IOException {
    server = new FolderServer(folder);
    remote = RemoteRepository.open(server.url() + "/", OPTIONS, time);
  }

  @AfterEach
  void stop() {
    remote.close();
    server.close();
  }

  @Test
  void thePointerComesOnceAndAgainWhenItChanges() throws Exception {
    assertThat(remote.latest(null, Duration.ZERO)).isInstanceOf(RemotePointer.Absent.class);
    Files.writeString(folder.resolve("LATEST"), "{1}");
    RemotePointer.Offered first = (RemotePointer.Offered) remote.latest(null, Duration.ZERO);

    assertThat(first.json()).isEqualTo("{1}");
    assertThat(remote.latest(first.tag(), Duration.ofMillis(50)))
        .isInstanceOf(RemotePointer.Unchanged.class);
    try (ExecutorService threads = Workers.virtual("test")) {
      Future<RemotePointer> notice =
          threads.submit(() -> remote.latest(first.tag(), Duration.ofSeconds(20)));
      DurableFiles.write(folder.resolve("LATEST"), "{2}".getBytes(StandardCharsets.UTF_8));
      assertThat(notice.get())
          .isInstanceOfSatisfying(
              RemotePointer.Offered.class, next -> assertThat(next.json()).isEqualTo("{2}"));
    }
  }

  @Test
  void aServerThatAcceptsAndSaysNothingIsGivenUp() throws Exception {
    server.fault("LATEST", new Fault.Silence());
    RemoteOptions hasty = options(Duration.ofMillis(400), Duration.ofSeconds(20));
    try (RemoteRepository impatient = RemoteRepository.open(server.url(), hasty, time)) {
      within(
          Duration.ofSeconds(3),
          () ->
              assertThatThrownBy(() -> impatient.latest(null, Duration.ZERO))
                  .isInstanceOf(RemoteException.Unreachable.class)
                  .hasMessageContaining("no answer after"));
    }
  }

  @Test
  void aPortThatNobodyListensAtIsUnreachable() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (RemoteRepository nobody =
        RemoteRepository.open("http://127.0.0.1:" + port, OPTIONS, time)) {
      assertThatThrownBy(() -> nobody.small("a", 10))
          .isInstanceOf(RemoteException.Unreachable.class);
    }
  }

  @Test
  void aStalledBodyIsCut() throws Exception {
    Files.write(folder.resolve("f"), new byte[1000]);
    server.fault("f", new Fault.Stall(100));
    RemoteOptions impatient = options(Duration.ofSeconds(20), Duration.ofMillis(300));
    try (RemoteRepository waiting = RemoteRepository.open(server.url(), impatient, time)) {
      within(
          Duration.ofSeconds(3),
          () ->
              assertThatThrownBy(() -> waiting.small("f", 2000))
                  .isInstanceOf(RemoteException.Stalled.class)
                  .hasMessageContaining("at most 300 ms are allowed"));
    }
  }

  @Test
  void closingEndsWhatHangs() throws Exception {
    Files.writeString(folder.resolve("LATEST"), "{1}");
    RemoteOptions patient =
        new RemoteOptions(
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            1,
            Duration.ofSeconds(1),
            RemoteAccess.DEFAULT);
    for (Fault fault : new Fault[] {new Fault.Silence(), new Fault.Stall(1)}) {
      RemoteRepository hanging = RemoteRepository.open(server.url(), patient, time);
      server.fault("LATEST", fault);
      server.takeRequests();
      try (ExecutorService threads = Workers.virtual("test")) {
        Future<?> call = threads.submit(() -> hanging.latest(null, Duration.ZERO));
        assertThat(server.awaitRequest(Duration.ofSeconds(20))).isPresent();
        within(
            Duration.ofSeconds(3),
            () -> {
              hanging.close();
              assertThatThrownBy(call::get).hasCauseInstanceOf(RemoteException.Closed.class);
            });
      }
      assertThatThrownBy(() -> hanging.small("LATEST", 10))
          .isInstanceOf(RemoteException.Closed.class);
    }
  }

  @Test
  void redirectsAreRefused() {
    server.fault("a", new Fault.Status(302, Map.of("Location", "http://elsewhere/a")));
    assertThatThrownBy(() -> remote.small("a", 10))
        .isInstanceOf(RemoteException.Unexpected.class)
        .hasMessageContaining("leads to 'http://elsewhere/a': redirects are not followed");
  }

  @Test
  void aSmallFileIsBounded() throws Exception {
    Files.write(folder.resolve("f"), new byte[100]);
    assertThat(remote.small("f", 100)).hasSize(100);
    assertThatThrownBy(() -> remote.small("f", 99)).hasMessageContaining("longer than 99 bytes");
  }

  @Test
  void statesOfTheServerAreToldApart() {
    assertThatThrownBy(() -> remote.small("none", 9)).isInstanceOf(RemoteException.NotFound.class);
    server.fault("a", new Fault.Status(503, Map.of()));
    assertThatThrownBy(() -> remote.small("a", 9)).isInstanceOf(RemoteException.Busy.class);
    server.requireToken("secret");
    assertThatThrownBy(() -> remote.open("none", 0, ANY))
        .isInstanceOf(RemoteException.Denied.class);
  }

  @Test
  void theTokenIsShown() throws Exception {
    Files.write(folder.resolve("f"), new byte[1]);
    server.requireToken("secret");
    RemoteOptions known = OPTIONS.with(RemoteAccess.DEFAULT.withToken(new BearerToken("secret")));
    try (RemoteRepository allowed = RemoteRepository.open(server.url(), known, time)) {
      assertThat(allowed.small("f", 9)).hasSize(1);
    }
    assertThat(known.toString()).doesNotContain("secret");
  }

  @Test
  void theRemotesClockIsMeasuredByTheRoundTrip() throws Exception {
    server.showTime(time.now().plusSeconds(3600));
    remote.latest(null, Duration.ZERO);
    long start = time.nanoTime();
    server.showTime(time.now().plusSeconds(3600));
    RemotePointer answer = remote.latest(null, Duration.ZERO);

    ClockEstimate clock = remote.clock().orElseThrow();
    assertThat(clock.offset().minusSeconds(3600).abs())
        .isLessThanOrEqualTo(clock.uncertainty().plus(time.since(start)));
    assertThat(answer.receipt().clock()).isNotNull();
  }

  @Test
  void anAddressThatIsNoneIsRefused() {
    for (String address :
        new String[] {"ftp://x/y", "", "http://", "http://h/?a=b", "http://u:p@h", "http://h/ x"}) {
      assertThatThrownBy(() -> RemoteRepository.open(address, OPTIONS, time))
          .as(address)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private void within(Duration limit, ThrowingCallable action) {
    long start = time.nanoTime();
    try {
      action.call();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
    assertThat(time.since(start)).isLessThan(limit);
  }
}

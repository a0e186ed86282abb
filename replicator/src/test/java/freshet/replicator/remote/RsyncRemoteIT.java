package freshet.replicator.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.files.Digest;
import freshet.replicator.runtime.SystemTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RsyncRemoteIT {
  @TempDir Path folder;
  private Path root;
  private RemoteAccess access;

  @BeforeEach
  void start() throws IOException {
    RsyncDaemon.requireRsync();
    root = Files.createDirectories(folder.resolve("root"));
    access = RemoteAccess.DEFAULT.scratch(Files.createDirectories(folder.resolve("scratch")));
  }

  @Test
  void onlyWhatLiesBehindTheOffsetIsSent() throws Exception {
    byte[] bytes = new byte[3_000_000];
    new java.util.Random(1).nextBytes(bytes);
    Files.write(root.resolve("f"), bytes);
    try (RsyncDaemon daemon = RsyncDaemon.start(root, folder.resolve("daemon"), "");
        RemoteRepository remote = open(daemon.url(), access)) {
      try (RemoteBody body = remote.open("f", 2_999_000, Digest.of(bytes))) {
        assertThat(body.from()).isEqualTo(2_999_000);
        assertThat(body.stream().readAllBytes()).hasSize(1000).endsWith(bytes[2_999_999]);
      }
      assertThat(remote.bytesReceived()).isEqualTo(1000);
      // One that is left half-way leaves nothing behind.
      remote.open("f", 0, Digest.of(bytes)).close();
    }
    try (Stream<Path> left = Files.list(access.scratch())) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void severalSmallFilesComeByOneProcess() throws Exception {
    Path in = Files.createDirectories(root.resolve("cities/a/0000000000000001"));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Files.write(in.resolve("_" + i + ".cfs"), new byte[] {(byte) i, 1, 2});
      names.add("cities/a/0000000000000001/_" + i + ".cfs");
    }
    Files.write(in.resolve("_7.cfs"), new byte[101]);
    Files.delete(in.resolve("_8.cfs"));
    Files.delete(in.resolve("_9.cfs"));
    Files.createSymbolicLink(in.resolve("_9.cfs"), in.resolve("_10.cfs"));
    names.addFirst("cities/none/0000000000000001/_0.cfs");
    try (RsyncDaemon daemon = RsyncDaemon.start(root, folder.resolve("daemon"), "");
        CountingProxy way = new CountingProxy(daemon.port());
        RemoteRepository remote = open(urlOf(way), access)) {
      List<String> came = new ArrayList<>();
      try (RemoteBundle bundle = remote.bundle(names, 100).orElseThrow()) {
        for (var next = bundle.next(); next.isPresent(); next = bundle.next()) {
          came.add(next.get().name());
          assertThat(next.get().bytes())
              .isEqualTo(Files.readAllBytes(root.resolve(came.getLast())));
        }
      }
      names.removeIf(name -> name.matches("cities/none/.*|.*/_[789]\\.cfs"));
      assertThat(came).as("without what is too long, a link, or not there").isEqualTo(names);
      assertThat(remote.bytesReceived()).isEqualTo(3L * names.size());
      assertThat(way.connections()).isEqualTo(1);
    }
    assertThat(access.scratch()).isEmptyDirectory();
  }

  @Test
  void whatCameBeforeTheWayWasLostIsAnAnswerToo() throws Exception {
    byte[] large = new byte[400_000];
    Files.write(root.resolve("a"), new byte[] {1});
    Files.write(root.resolve("b"), large);
    try (RsyncDaemon daemon = RsyncDaemon.start(root, folder.resolve("daemon"), "");
        CountingProxy way = new CountingProxy(daemon.port());
        RemoteRepository remote = open(urlOf(way), access)) {
      way.cutAfter(200_000);
      try (RemoteBundle bundle = remote.bundle(List.of("b", "a"), 1 << 20).orElseThrow()) {
        assertThat(bundle.next().orElseThrow().name()).isEqualTo("a");
        assertThat(bundle.next()).isEmpty();
      }
    }
    assertThat(access.scratch()).isEmptyDirectory();
  }

  @Test
  void whatAKilledProcessLeftIsRemovedOnceItIsOld() throws Exception {
    Path old = Files.createDirectories(access.scratch().resolve("freshet-rsync-old"));
    Path young = Files.createDirectories(access.scratch().resolve("freshet-rsync-young"));
    Files.writeString(old.resolve("file"), "half");
    Files.setLastModifiedTime(old, FileTime.from(new SystemTime().now().minus(Duration.ofDays(2))));
    open("rsync://127.0.0.1:1/freshet", access).close();
    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  @Test
  void thePasswordIsTheToken() throws Exception {
    Files.writeString(root.resolve("f"), "x");
    try (RsyncDaemon daemon = RsyncDaemon.start(root, folder.resolve("daemon"), "secret")) {
      try (RemoteRepository known =
              open(daemon.urlOfSlave(), access.withToken(new BearerToken("secret")));
          RemoteRepository wrong =
              open(daemon.urlOfSlave(), access.withToken(new BearerToken("other")));
          RemoteRepository nobody = open(daemon.url(), access);
          RemoteRepository elsewhere = open(daemon.url().replace("freshet", "no-module"), access)) {
        assertThat(known.small("f", 10)).hasSize(1);
        for (RemoteRepository each : new RemoteRepository[] {wrong, nobody, elsewhere}) {
          assertThatThrownBy(() -> each.bundle(List.of("f", "g"), 10))
              .isInstanceOf(RemoteException.Denied.class);
          assertThatThrownBy(() -> each.small("f", 10))
              .isInstanceOf(RemoteException.Denied.class)
              .hasMessageContaining("check module, user and remote.token");
        }
      }
    }
  }

  @Test
  void whoAcceptsAndSaysNothingIsGivenUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        RemoteRepository remote =
            open("rsync://127.0.0.1:" + silent.getLocalPort() + "/freshet", access)) {
      assertThatThrownBy(() -> remote.small("f", 10))
          .isInstanceOfAny(RemoteException.Stalled.class, RemoteException.Lost.class);
      assertThatThrownBy(() -> remote.bundle(List.of("f", "g"), 10))
          .isInstanceOfAny(RemoteException.Stalled.class, RemoteException.Lost.class);
      assertThatThrownBy(() -> remote.open("f", 0, Digest.ofText("any")))
          .isInstanceOfAny(RemoteException.Stalled.class, RemoteException.Lost.class);
    }
    try (RemoteRepository nobody = open("rsync://127.0.0.1:1/freshet", access)) {
      assertThatThrownBy(() -> nobody.small("f", 10))
          .isInstanceOf(RemoteException.Unreachable.class);
    }
  }

  @Test
  void addressesThatAreNoneAreRefused() {
    for (String address :
        new String[] {"rsync://host", "rsync://host/", "rsync://u:p@host/m", "rsync://h/m?x"}) {
      assertThatThrownBy(() -> open(address, access))
          .as(address)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("rsync://[user@]host[:port]/module[/path]");
    }
  }

  private static String urlOf(CountingProxy way) {
    return "rsync://127.0.0.1:" + way.port() + "/freshet";
  }

  private static RemoteRepository open(String address, RemoteAccess access) {
    RemoteOptions options =
        new RemoteOptions(
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofMillis(1500),
            1,
            Duration.ofMillis(20),
            access);
    return RemoteRepository.open(address, options, new SystemTime());
  }
}

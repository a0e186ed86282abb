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

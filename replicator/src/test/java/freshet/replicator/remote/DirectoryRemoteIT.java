package freshet.replicator.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.files.Digest;
import freshet.replicator.runtime.ManualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryRemoteIT {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  @TempDir Path folder;
  private final ManualTime time = new ManualTime(NOON);

  @Test
  void aWaitIsBoundedByTheClock() throws Exception {
    RemoteRepository remote = open(folder);
    assertThat(remote.latest(null, Duration.ofSeconds(3))).isInstanceOf(RemotePointer.Absent.class);
    assertThat(time.now()).isEqualTo(NOON.plusSeconds(3));

    Files.writeString(folder.resolve("LATEST"), "{1}");
    RemotePointer.Offered offered =
        (RemotePointer.Offered) remote.latest(null, Duration.ofSeconds(3));
    assertThat(remote.latest(offered.tag(), Duration.ofSeconds(2)))
        .isInstanceOf(RemotePointer.Unchanged.class);
    assertThat(time.now()).isEqualTo(NOON.plusSeconds(5));
  }

  @Test
  void aFolderThatIsNotMountedIsNotAMasterThatHasNothing() {
    assertThatThrownBy(() -> open(folder.resolve("none")).latest(null, Duration.ZERO))
        .isInstanceOf(RemoteException.Unreachable.class);
  }

  @Test
  void filesComeFromTheOffsetOn() throws Exception {
    Files.writeString(folder.resolve("f"), "0123456789");
    try (RemoteBody body = open(folder).open("f", 7, Digest.ofText("any"))) {
      assertThat(body.from()).isEqualTo(7);
      assertThat(body.stream().readAllBytes()).asString().isEqualTo("789");
    }
    assertThatThrownBy(() -> open(folder).open("g", 0, Digest.ofText("any")))
        .isInstanceOf(RemoteException.NotFound.class);
  }

  private RemoteRepository open(Path root) {
    return RemoteRepository.open(root.toString(), RemoteOptions.defaults(), time);
  }
}

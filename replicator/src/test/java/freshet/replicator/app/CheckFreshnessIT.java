package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.command.DaemonFile;
import freshet.replicator.command.Verb;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.publish.TestMaster;
import freshet.replicator.sink.Receiver;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class CheckFreshnessIT {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aPeerThatHangsIsCriticalWithinItsOwnLimit() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      long started = System.nanoTime();

      int code = run("--slave", "http://127.0.0.1:" + silent.getLocalPort());

      assertThat(code).isEqualTo(2);
      assertThat(out.toString())
          .startsWith("FRESHNESS CRITICAL - http://127.0.0.1:")
          .hasLineCount(1);
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(60));
    }
  }

  @Test
  void aPeerThatIsGoneIsCritical() throws Exception {
    int port;
    try (ServerSocket gone = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      port = gone.getLocalPort();
    }

    assertThat(run("--slave", "http://127.0.0.1:" + port)).isEqualTo(2);
    assertThat(out.toString()).contains("is the daemon running?").hasLineCount(1);
  }

  @Test
  void aFolderWithoutASnapshotIsUnknown() {
    assertThat(run("--repository", folder.toString())).isEqualTo(3);
    assertThat(out.toString()).contains("nothing is served yet").hasLineCount(1);
  }

  @Test
  void whatAFolderWaitsForIsWhoeverWritesThere() throws Exception {
    expectWaits("no daemon runs on " + folder + ": waits for bin/replicator run, or pull");
    new DaemonFile(folder).write(URI.create("http://127.0.0.1:8701"), Instant.EPOCH);
    expectWaits("waits for the daemon on %s, process ".formatted(folder));
    try (TestMaster master = new TestMaster(folder.resolve("master"));
        SnapshotPublisher publisher = master.open()) {
      publisher.publish(master.commit(master.city("boston").put(1, "one", 1)));
      assertThat(SlaveLook.inFolder("x", master.root, Duration.ZERO, null).waitsFor())
          .isEqualTo(
              master.root
                  + " is a master's: waits for the next cycle of bin/indexer run, or build");
    }
  }

  private void expectWaits(String expected) throws Exception {
    assertThat(SlaveLook.inFolder("x", folder, Duration.ZERO, null).waitsFor())
        .startsWith(expected);
  }

  @Test
  void aFolderThatIsNotThereIsCritical() {
    assertThat(run("--repository", folder.resolve("none").toString())).isEqualTo(2);
    assertThat(out.toString())
        .contains(folder.resolve("none") + ": there is no such folder")
        .hasLineCount(1);
  }

  @Test
  void aWrongQuestionIsUnknown() {
    assertThat(run("-w", "10m", "-c", "5m")).isEqualTo(3);
    assertThat(out.toString()).contains("-w must be above zero and not above -c");
    assertThat(run("-w", "2 minutes")).isEqualTo(3);
    assertThat(run("--config", folder.resolve("none.yaml").toString())).isEqualTo(3);
    assertThat(run("--no-such-option")).isEqualTo(3);
    assertThat(out.toString())
        .contains("FRESHNESS UNKNOWN - '--no-such-option' is no argument of it");
  }

  /** Nagios reads the first line of standard output, and takes no code above 3. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "-w",
        "-w;-c;5m",
        "--slave;http://a b",
        "--slave",
        "--token-file",
        "-w;2m;-w;3m",
        "-w=;-c=",
        "--no-such-option;-w"
      })
  void whateverIsWrongWithTheQuestionIsALineOnStandardOutput(ArgumentsAccessor question) {
    String[] options =
        question.toList().stream()
            .filter(Objects::nonNull)
            .map(Object::toString)
            .toArray(String[]::new);

    assertThat(run(options)).isEqualTo(3);
    assertThat(out.toString()).startsWith("FRESHNESS UNKNOWN - ").hasLineCount(1);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void anAnswerThatIsNoSlavesIsALineToo() throws Exception {
    try (Receiver other = new Receiver()) {
      for (String answer : List.of("{}", "[]", "null", "<html>", "{\"age\":{}}")) {
        other.answer(answer);
        out.getBuffer().setLength(0);
        assertThat(run("--slave", other.uri("").toString())).isIn(2, 3);
        assertThat(out.toString()).startsWith("FRESHNESS ").hasLineCount(1);
      }
    }
  }

  private int run(String... options) {
    String[] arguments = new String[options.length + 1];
    arguments[0] = "check-freshness";
    System.arraycopy(options, 0, arguments, 1, options.length);
    CommandLine line =
        ReplicatorMain.commandLine(arguments)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return Verb.run(line, new ReplicatorFailures(), arguments);
  }
}

package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.command.Verb;
import freshet.replicator.pull.HandmadeMaster;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code bin/replicator pull} that does not come to its end, and {@code search} after it. */
class PullVerbIT {
  @TempDir private Path folder;
  private HandmadeMaster master;
  private Path config;

  private record Run(int exitCode, String out, String err) {}

  @BeforeEach
  void publish() throws Exception {
    master = new HandmadeMaster(folder.resolve("master"));
    master.publish(3, "berlin");
    config = folder.resolve("replicator.yaml");
  }

  private void configure(String remote, String reserve) throws IOException {
    Files.writeString(
        config,
        """
        name: slave-1
        remote: {url: "%s"}
        store: {folder: store, disk_reserve: %s}
        """
            .formatted(remote, reserve));
  }

  @Test
  void aDiskThatThePullWouldFillIsTheStoresFailure() throws Exception {
    configure(master.root().toString(), "999999TB");
    Run full = run("pull");
    assertThat(full.err()).contains("not pulled: the pull needs", "make room there");
    assertThat(full.exitCode()).isEqualTo(73);

    Run search = run("search", "berlin", "flat");
    assertThat(search.err()).contains("no snapshot is there", "bin/replicator pull");
    assertThat(search.exitCode()).isEqualTo(75);
  }

  @Test
  void aPortThatNobodyListensAtIsSaidInWords() throws Exception {
    int closed;
    try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = nobody.getLocalPort();
    }
    configure("http://127.0.0.1:" + closed, "256MB");
    Run refused = run("pull");
    assertThat(refused.err())
        .contains("http://127.0.0.1:" + closed + "/LATEST: no answer after ")
        .contains("connection refused: nothing listens at that port")
        .doesNotContain("java.");
    assertThat(refused.exitCode()).isEqualTo(69);
  }

  private Run run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--config";
    all[arguments.length + 1] = config.toString();
    CommandLine line =
        ReplicatorMain.commandLine(all)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return new Run(Verb.run(line, new ReplicatorFailures(), all), out.toString(), err.toString());
  }
}

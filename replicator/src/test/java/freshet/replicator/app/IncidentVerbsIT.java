package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.command.Verb;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What on-call finds of a slave's incidents, while it runs and after it has ended. */
@Timeout(120)
class IncidentVerbsIT {
  @TempDir private Path folder;

  private Path config;

  /** What a verb did. */
  private record Run(int exitCode, String out, String err) {}

  @BeforeEach
  void configureARemoteThatIsAway() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    config = folder.resolve("replicator.yaml");
    Files.writeString(
        config,
        """
        name: eu-1
        remote: {url: "http://127.0.0.1:%d"}
        store: {folder: store}
        server: {listen: "127.0.0.1:0"}
        alerts: {pending_for: 0s, clear_for: 1s, flap_window: 1s}
        """
            .formatted(port));
  }

  @Test
  void aPullOfCronThatFailsIsRecordedAndTold() throws Exception {
    assertThat(run("pull").exitCode()).isEqualTo(69);

    assertThat(run("incident", "failures").out()).contains("pull Unavailable: 1", "hour    UTC");
    assertThat(run("incident", "failures", "--json").out()).contains("\"hoursLocal\":[");
    assertThat(folder.resolve("store/control/flight/recordings")).isNotEmptyDirectory();
    assertThat(run("incident", "list").out())
        .contains("firing    critical  remote-unreachable", "told once");
  }

  @Test
  void anIncidentOfASlaveIsShownWhileItRunsAndAfterwards() throws Exception {
    ReplicatorConfig read = ReplicatorConfig.read(config, Map.of());
    StopSignal stop = new StopSignal();
    SystemTime time = new SystemTime();
    try (var remote = Remotes.open(read, config, time);
        Slave slave =
            Slave.start(read, Objects.requireNonNull(read.remote()), remote, time, stop)) {
      assertThat(slave.uri()).isNotNull();
      Run list = run("incident", "list");
      // It is open a moment before it is noted as told, and the remote may be known to be silent
      // before a pull has failed by that.
      while (!list.out().contains("told once")
          || !list.out().contains("pulls in a row failed since")) {
        list = run("incident", "list");
        assertThat(list.exitCode()).as(list.err()).isZero();
      }
      assertThat(list.out()).contains("firing    critical  remote-unreachable");
      stop.request();
    }

    assertThat(run("incident", "list").out())
        .contains("firing", "note: no daemon runs: what is open is as the last one left it");
    Run shown = run("incident", "show", "remote-unreachable");
    assertThat(shown.exitCode()).as(shown.err()).isZero();
    assertThat(shown.out())
        .contains("stage pull, told by eu-1", "next: bin/replicator pull")
        .contains("read: docs/troubleshooting.md, \"What if a slave can't reach its master?\"")
        .contains("pull Unavailable http://127.0.0.1:", "bytes/s sent");
    assertThat(run("incident", "show", "remote-unreachable", "--json").out())
        .contains("\"recordings\":[{\"format\":1,\"node\":\"eu-1\"");
    assertThat(run("incident", "show", "age-unknown").exitCode()).isEqualTo(2);
  }

  private Run run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        ReplicatorMain.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", config.toString()));
    int code = Verb.run(line, new ReplicatorFailures(), all.toArray(String[]::new));
    return new Run(code, out.toString(), err.toString());
  }
}

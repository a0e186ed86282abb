package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.replicator.command.Json;
import freshet.replicator.command.Verb;
import freshet.replicator.pull.HandmadeMaster;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code bin/replicator pause} and {@code resume} beside cron. */
class PauseVerbsIT {
  @TempDir private Path folder;
  private HandmadeMaster master;
  private Path config;

  private record Run(int exitCode, String out, String err) {}

  @BeforeEach
  void pullOnce() throws Exception {
    master = new HandmadeMaster(folder.resolve("master"));
    config =
        Files.writeString(
            folder.resolve("replicator.yaml"),
            """
            name: slave-1
            remote: {url: "%s"}
            store: {folder: store}
            """
                .formatted(master.root()));
    master.publish(3, "berlin");
    well("pull");
  }

  @Test
  void cronPullsNothingWhileTheSlaveIsPausedAndEverybodySaysWhy() throws Exception {
    Run paused = well("pause", "--for", "10m", "--reason", "new disk", "--by", "ann@ops-1");
    assertThat(paused.out())
        .startsWith("paused by ann@ops-1 until ")
        .contains(": new disk. What is under way ends first", "bin/replicator resume");
    master.publish(2, "berlin");

    assertThat(well("pull").out())
        .startsWith("nothing is pulled: the slave is paused by ann@ops-1");
    JsonNode pull = Json.parse(well("pull", "--json").out());
    assertThat(pull.path("outcome").asText()).isEqualTo("paused");
    assertThat(installed()).isEqualTo(1);
    assertThat(well("status").out()).contains("is paused by ann@ops-1", "new disk");
    assertThat(Json.parse(well("status", "--json").out()).path("paused").path("by").asText())
        .isEqualTo("ann@ops-1");
    // Its first line is the age's, whoever paused it.
    assertThat(run(false, "check-freshness", "--repository", folder.resolve("store").toString()))
        .satisfies(run -> assertThat(run.out()).contains("is paused by ann@ops-1", "new disk"));

    Run again = well("pause", "--for", "20m", "--by", "bob@ops-2");
    assertThat(again.out()).contains("(in the place of: paused by ann@ops-1");
    assertThat(well("resume").out()).startsWith("resumed: it was paused by bob@ops-2");
    well("pull");
    assertThat(installed()).isEqualTo(2);
  }

  @Test
  void mistakesAreRefusedWithWhatIsExpected() throws Exception {
    expectRefused("a slave switches all its cities at one time", "pause", "--city", "berlin");
    expectRefused("bin/indexer pause --city berlin", "pause", "--for", "1m", "--city", "berlin");
    expectRefused("--for is missing", "pause");
    expectRefused("--for 25h: 1s to 24h is expected, such as 10m", "pause", "--for", "25h");
    expectRefused("nothing is paused here, so nothing is resumed", "resume");
  }

  private long installed() throws IOException {
    return new LocalRepository(new RepositoryLayout(folder.resolve("store")))
        .latest()
        .orElseThrow()
        .generation()
        .number();
  }

  private void expectRefused(String message, String... arguments) {
    Run run = run(true, arguments);
    assertThat(run.err()).contains(message);
    assertThat(run.exitCode()).isEqualTo(2);
  }

  private Run well(String... arguments) {
    Run run = run(true, arguments);
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    return run;
  }

  private Run run(boolean isConfigured, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(List.of(arguments));
    if (isConfigured) {
      all.addAll(List.of("--config", config.toString()));
    }
    String[] given = all.toArray(String[]::new);
    CommandLine line =
        ReplicatorMain.commandLine(given)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    int code = Verb.run(line, new ReplicatorFailures(), given);
    return new Run(code, out.toString(), err.toString());
  }
}

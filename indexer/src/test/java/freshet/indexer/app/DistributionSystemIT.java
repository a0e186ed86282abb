package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import freshet.indexer.app.Nodes.Run;
import freshet.indexer.embedded.DatabaseFixture;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Both roles from the unpacked distribution: by hand, by cron's lines, by systemd's units. */
@Timeout(300)
class DistributionSystemIT {
  private static final List<String> UNITS = List.of("freshet-indexer", "freshet-replicator");
  private static final int WRONG_CONFIGURATION = 78;
  private static final String SEARCH = "bin/replicator search boston sunny";
  private static final String FOUND = "sunny flat";

  @RegisterExtension static final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path folder;

  private Nodes nodes;
  private Distribution freshet;
  private Set<Path> unpacked;

  @BeforeAll
  static void createTable() throws Exception {
    Distribution.createTable(database);
  }

  @BeforeEach
  void unpack() throws Exception {
    nodes = new Nodes(folder);
    freshet = Distribution.unpack(folder, database);
    unpacked = freshet.files();
  }

  @AfterEach
  void nothingWasWrittenIntoIt() throws Exception {
    nodes.killAll();
    freshet.setWritable(true);
    assertThat(freshet.files()).isEqualTo(unpacked);
  }

  @Test
  void bothRolesRunWithoutAHome() throws Exception {
    freshet.edit("replicator.yaml", "http://127.0.0.1:8700", freshet.data() + "/repository");
    Path link =
        Files.createSymbolicLink(folder.resolve("link"), freshet.root().resolve("bin/indexer"));
    freshet.setWritable(false);

    assertThat(done("bin/indexer --version")).contains("Freshet " + Distribution.version());
    assertThat(done("bin/replicator --version")).contains("Freshet " + Distribution.version());
    assertThat(done(link + " --help")).contains("check-config", "rebuild");
    assertThat(done("bin/replicator --help")).contains("pull", "search");
    assertThat(done("bin/indexer check-config")).contains("no problems");
    assertThat(done("bin/indexer build")).contains("generation");
    assertThat(done("bin/replicator pull")).contains("installed snapshot");
    assertThat(done(SEARCH)).contains(FOUND);
  }

  @Test
  void cronsLinesRunAsWritten() throws Exception {
    List<String> lines =
        freshet.lines("cron.example").stream()
            .filter(line -> !line.isBlank() && !line.matches("(#|[A-Z_]+=).*"))
            .toList();
    assertThat(lines).hasSize(3).noneMatch(line -> line.contains("%"));
    String build = cronCommand(lines, "indexer build");
    String serve = cronCommand(lines, "replicator serve");
    String pull = cronCommand(lines, "replicator pull");

    assertSilent(nodes.run(freshet.shell(build)));
    nodes.start("serve", freshet.shell(serve));
    URI master = nodes.addressOf(freshet.data().resolve("repository/control"));
    freshet.edit("replicator.yaml", "http://127.0.0.1:8700", master.toString());
    freshet.setWritable(false);
    assertSilent(nodes.run(freshet.shell(pull)));
    assertThat(done(SEARCH)).contains(FOUND);
    assertSilent(nodes.run(freshet.shell(build)));
  }

  /** The command of the line that has these words: what stands behind the times and the user. */
  private static String cronCommand(List<String> lines, String words) {
    String line = lines.stream().filter(one -> one.contains(words)).findFirst().orElseThrow();
    return line.startsWith("@") ? line.split("\\s+", 3)[2] : line.split("\\s+", 7)[6];
  }

  /** Cron mails what a line says, so one that went well says nothing. */
  private static void assertSilent(Run run) {
    assertThat(run.out() + run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void systemdsUnitsRunAsWritten() throws Exception {
    freshet.setWritable(false);
    nodes.start("master", freshet.unit("freshet-indexer"));
    URI master = nodes.addressOf(freshet.data().resolve("index"));
    ProcessBuilder slave = freshet.unit("freshet-replicator");
    slave.environment().put("FRESHET_MASTER_URL", master.toString());
    nodes.start("slave", slave);
    nodes.await(
        "the slave serves what the master has published",
        () -> nodes.run(freshet.shell(SEARCH)).out().contains(FOUND));

    // Cron's line beside the daemon: the lock is held, which is no failure.
    String build = cronCommand(freshet.lines("cron.example"), "indexer build");
    assertThat(nodes.run(freshet.shell(build)).exitCode()).isZero();
    assertThat(nodes.stop("slave")).isZero();
    assertThat(nodes.stop("master")).isZero();
  }

  @Test
  void aConfigurationWithMistakesIsNotTriedAgain() throws Exception {
    freshet.edit("indexer.yaml", "table:\n", "tabel:\n");
    freshet.edit("replicator.yaml", "store:\n", "stroe:\n");
    freshet.setWritable(false);
    for (String unit : UNITS) {
      assertThat(freshet.unit(unit, "RestartPreventExitStatus"))
          .containsExactly(String.valueOf(WRONG_CONFIGURATION));
      // That key is about the main process alone: before it nothing may fail.
      assertThat(freshet.unit(unit, "ExecStartPre")).isEmpty();
      assertThat(nodes.run(freshet.unit(unit)).exitCode()).isEqualTo(WRONG_CONFIGURATION);
    }
  }

  @Test
  void systemdFindsNoFaultInTheUnits() throws Exception {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "systemd-analyze"))),
        "no systemd-analyze on the PATH; get it with: apt-get install -y --no-install-recommends systemd");
    for (String unit : UNITS) {
      Files.write(folder.resolve(unit + ".service"), freshet.lines(unit + ".service"));
    }
    freshet.setWritable(false);
    for (String unit : UNITS) {
      Run run =
          nodes.run(
              new ProcessBuilder(
                  "systemd-analyze",
                  "verify",
                  "--man=no",
                  folder.resolve(unit + ".service").toString()));
      assertThat((run.out() + run.err()).lines().filter(line -> line.contains("freshet")))
          .isEmpty();
      assertThat(run.exitCode()).as(run.err()).isZero();
    }
  }

  /** What a command says that has to go well. */
  private String done(String line) throws Exception {
    Run run = nodes.run(freshet.shell(line));
    assertThat(run.exitCode()).as("%s%n%s%s", line, run.out(), run.err()).isZero();
    return run.out();
  }
}

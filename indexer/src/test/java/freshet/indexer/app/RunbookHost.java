package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.app.Nodes.Run;
import freshet.indexer.embedded.DatabaseFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A host on which the distribution is installed, and somebody who does there what
 * docs/operations.md says, line by line. In place of systemd, who starts what the units say.
 */
record RunbookHost(Distribution freshet, Nodes nodes, Path folder, Map<String, String> replaced) {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\w*\\n(.*?)^```$");
  private static final Map<String, String> DAEMONS =
      Map.of("freshet-indexer", "index", "freshet-replicator", "slave");

  /** Installs it in a folder, where a slave pulls from the repository beside it. */
  static RunbookHost install(Path folder, DatabaseFixture database) throws Exception {
    Distribution freshet = Distribution.unpack(Files.createDirectories(folder), database);
    freshet.edit("replicator.yaml", "http://127.0.0.1:8700", freshet.data() + "/repository");
    Map<String, String> replaced = new HashMap<>();
    replaced.put("/opt/freshet", freshet.root().toString());
    replaced.put("/backup", Files.createDirectory(folder.resolve("backup")).toString());
    replaced.put("/var/log", folder.resolve("log").toString());
    replaced.put("freshet-VERSION.tar.gz", Distribution.file().toString());
    return new RunbookHost(freshet, new Nodes(folder), folder, replaced);
  }

  /** The lines of a block of commands, without their comments. */
  List<String> lines(String heading, int block) throws IOException {
    String page = Files.readString(freshet.root().resolve("docs/operations.md"));
    int begin = page.indexOf("\n## " + heading + "\n");
    assertThat(begin).as(heading).isNotNegative();
    int end = page.indexOf("\n## ", begin + 1);
    String section = page.substring(begin, end < 0 ? page.length() : end);
    List<MatchResult> blocks = BLOCK.matcher(section).results().toList();
    assertThat(blocks).as(heading).hasSizeGreaterThan(block);
    return blocks
        .get(block)
        .group(1)
        .lines()
        .map(line -> line.replaceFirst("\\s+#.*", ""))
        .toList();
  }

  /** Does what a block says; every command has to go well. Gives what the last one said. */
  String follow(String heading, int block) throws Exception {
    String said = "";
    for (String line : lines(heading, block)) {
      if (line.startsWith("systemctl ")) {
        systemctl(List.of(line.split(" ")));
      } else {
        said = done(line);
      }
    }
    return said;
  }

  /** Runs a line that has to go well, and gives what it said. */
  String done(String line) throws Exception {
    Run run = run(line);
    assertThat(run.exitCode()).as("%s%n%s%s", line, run.out(), run.err()).isZero();
    return run.out();
  }

  /** Runs a line. */
  Run run(String line) throws Exception {
    String here = line;
    for (Map.Entry<String, String> one : replaced.entrySet()) {
      here = here.replace(one.getKey(), one.getValue());
    }
    return nodes.run(freshet.shell(here));
  }

  /** Starts a unit, and waits until it can be asked. */
  void start(String unit) throws Exception {
    ProcessBuilder daemon = freshet.unit(unit);
    daemon.environment().put("FRESHET_LOG", folder.resolve("log").resolve(unit).toString());
    nodes.start(unit, daemon);
    nodes.addressOf(freshet.data().resolve(DAEMONS.get(unit)));
  }

  private void systemctl(List<String> words) throws Exception {
    String unit = words.getLast();
    switch (words.get(1)) {
      case "start", "enable" -> start(unit);
      case "stop" -> {
        if (nodes.isStarted(unit)) {
          assertThat(nodes.stop(unit)).isZero();
        }
      }
      case "reload" -> {
        assertThat(freshet.unit(unit, "ExecReload")).containsExactly("/bin/kill -HUP $MAINPID");
        nodes.signal(unit, "HUP");
      }
      default -> throw new IllegalArgumentException(String.join(" ", words));
    }
  }
}

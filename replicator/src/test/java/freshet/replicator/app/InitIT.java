package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.command.Verb;
import freshet.replicator.config.ConfigException;
import freshet.replicator.publish.TestMaster;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InitIT {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aRemoteIsAskedWhatItOffers() throws Exception {
    Path file = folder.resolve("slave.yaml");
    try (TestMaster master = new TestMaster(folder.resolve("master"))) {
      master.open().publish(master.commit(master.city("berlin").put(1, "one", 10)));
      assertThat(run("--remote", master.root.toString(), "--output", file.toString())).isZero();
    }

    assertThat(err.toString()).contains("offers generation 1-0000000001: 1 city, 1 document, ");
    assertThat(out.toString())
        .contains("wrote " + file, "bin/replicator check-config --config " + file);
    ReplicatorConfig config = ReplicatorConfig.read(file, Map.of());
    assertThat(config.store().folder()).isEqualTo(folder.resolve("data/slave"));
    assertThat(config.remote().url()).isEqualTo(folder.resolve("master/repository").toString());
  }

  @Test
  void oneThatHangsIsWarnedOfAndTheFileIsWritten() throws Exception {
    Path file = folder.resolve("slave.yaml");
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort();

      assertThat(run("--remote", url, "--name", "eu-1", "--output", file.toString())).isZero();

      assertThat(err.toString())
          .contains("warning: " + url + " could not be asked", "correct remote.url in it");
      ReplicatorConfig config = ReplicatorConfig.read(file, Map.of());
      assertThat(config.name()).isEqualTo("eu-1");
      assertThat(config.remote().url()).isEqualTo(url);
    }
  }

  @Test
  void secretsStayInTheirFiles() throws Exception {
    Path token = Files.writeString(folder.resolve("to ken"), "hush\n");
    Path file = Files.createDirectory(folder.resolve("conf")).resolve("slave.yaml");

    assertThat(
            run(
                "--remote",
                folder.resolve("none").toString(),
                "--token-file",
                token.toString(),
                "--output",
                file.toString()))
        .isZero();

    assertThat(Files.readString(file)).contains("'" + token + "'").doesNotContain("hush");
    ReplicatorConfig config = ReplicatorConfig.read(file, Map.of());
    assertThat(config.remote().token().fetch()).isEqualTo("hush");
    assertThat(config.store().folder()).isEqualTo(folder.resolve("data/slave"));
  }

  @Test
  void nothingIsOverwrittenAndNothingWrittenForWrongArguments() throws ConfigException {
    Path file = folder.resolve("slave.yaml");
    assertThat(run("--remote", "/none", "--name", "a b", "--output", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--name a b: 1 to 64 letters");
    assertThat(run("--remote", "/none", "--name", "_a", "--output", file.toString())).isEqualTo(2);
    assertThat(run("--remote", "htp:/x", "--output", file.toString())).isEqualTo(2);
    assertThat(run("--remote", "ftp://host/x", "--output", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("a remote is http(s)://host:port", "'ftp://host/x'");
    assertThat(file).doesNotExist();

    assertThat(run("--remote", "/none", "--output", "-")).isZero();
    assertThat(out.toString()).startsWith("# A slave: pulls snapshots").doesNotContain("Next:");
    assertThat(run("--remote", "/none", "--output", folder.resolve("no/x").toString()))
        .isEqualTo(73);
    assertThat(err.toString()).contains("there is no folder " + folder.resolve("no"));

    assertThat(run("--remote", "/none", "--output", file.toString())).isZero();
    assertThat(run("--remote", "/none", "--output", file.toString())).isEqualTo(73);
    assertThat(err.toString()).contains(file + " is there already and is not overwritten");
  }

  private int run(String... options) {
    String[] arguments = new String[options.length + 1];
    arguments[0] = "init";
    System.arraycopy(options, 0, arguments, 1, options.length);
    CommandLine line =
        ReplicatorMain.commandLine(arguments)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return Verb.run(line, new ReplicatorFailures(), arguments);
  }
}

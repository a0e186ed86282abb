package freshet.replicator.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The checker that comes with Prometheus. */
public record Promtool(Path program) {
  /** How to get it. */
  public static final String MISSING =
      "no promtool on the PATH; get it with: apt-get install -y --no-install-recommends prometheus";

  /** The one on the PATH, if there is one. */
  public static Optional<Promtool> find() {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, "promtool"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Promtool::new);
  }

  /** What it says of a scrape; empty if it finds no fault. */
  public String checkMetrics(String scrape) throws IOException, InterruptedException {
    return run(scrape, "check", "metrics");
  }

  /** What it says if it fails; empty if it does not. */
  public String run(String input, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Path in = Files.createTempFile("promtool", "");
    try {
      Files.writeString(in, input);
      Process process =
          new ProcessBuilder(command).redirectInput(in.toFile()).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? "" : said;
    } finally {
      Files.delete(in);
    }
  }
}

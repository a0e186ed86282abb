package freshet.indexer.benchmark.replicate;

import freshet.indexer.benchmark.build.MasterFolder;
import freshet.indexer.benchmark.build.WrongContent;
import freshet.indexer.embedded.Guardian;
import freshet.replicator.command.DaemonFile;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A master's daemon in a process of its own. */
final class MasterProcess implements AutoCloseable {
  private static final Duration LONGEST_START = Duration.ofMinutes(2);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(20);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final Process process;
  private final Guardian guardian;
  private final Path log;
  private final URI url;

  private MasterProcess(Process process, Guardian guardian, Path log, URI url) {
    this.process = process;
    this.guardian = guardian;
    this.log = log;
    this.url = url;
  }

  /** Starts it, and returns when it serves. */
  static MasterProcess start(List<String> indexer, MasterFolder folder, Time time)
      throws Exception {
    List<String> command = new ArrayList<>(indexer);
    command.addAll(List.of("run", "--config", folder.config().toString()));
    Path log = folder.folder().resolve("daemon.log");
    DaemonFile file = new DaemonFile(folder.read().work());
    file.delete();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Guardian guardian = Guardian.watch(process.toHandle(), folder.config(), false);
    try {
      Deadline deadline = Deadline.after(time, LONGEST_START);
      Optional<DaemonFile.Daemon> daemon = file.read();
      while (daemon.isEmpty() && process.isAlive() && !deadline.isPast()) {
        time.sleep(LOOK_EVERY);
        daemon = file.read();
      }
      if (daemon.isEmpty()) {
        throw new WrongContent(command + " did not start: " + Files.readString(log));
      }
      return new MasterProcess(process, guardian, log, daemon.get().url());
    } catch (IOException | InterruptedException | WrongContent e) {
      end(process, guardian);
      throw e;
    }
  }

  int port() {
    return url.getPort();
  }

  /** Where what it said is. */
  Path log() {
    return log;
  }

  /** The sum of a metric over all its series; 0 if it has none. */
  double metric(String name) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(url.resolve("/metrics")).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(request, HttpResponse.BodyHandlers.ofLines())
          .body()
          .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }
  }

  @Override
  public void close() {
    end(process, guardian);
  }

  private static void end(Process process, Guardian guardian) {
    try {
      process.destroy();
      if (!process.waitFor(LONGEST_STOP.toNanos(), TimeUnit.NANOSECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } finally {
      guardian.close();
    }
  }
}

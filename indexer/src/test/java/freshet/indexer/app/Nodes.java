package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.indexer.embedded.Signals;
import freshet.replicator.command.DaemonFile;
import freshet.replicator.command.Json;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Masters and slaves, each a process of its own, with their files in one folder. What a process
 * says goes to {@code NAME.log} there.
 */
final class Nodes {
  private static final Time TIME = new SystemTime();
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final String MASTER = "master";

  private final Path folder;
  private final Map<String, Process> daemons = new LinkedHashMap<>();

  Nodes(Path folder) {
    this.folder = folder;
  }

  /** What a verb left. */
  record Run(int exitCode, String out, String err) {}

  /** Something that is waited for; what can't be read at the moment does not hold. */
  interface Condition {
    boolean holds() throws Exception;
  }

  /** Starts the master of this configuration, and gives its address once it has published. */
  URI startMaster(ListingMaster listings) throws Exception {
    startMaster(listings.file());
    await("the master publishes", () -> listings.repository().latest().isPresent());
    return addressOf(listings.work());
  }

  /** Starts the master of this configuration, or starts it again. */
  void startMaster(Path config) throws IOException {
    start(MASTER, "freshet.indexer.app.IndexerMain", config);
  }

  /**
   * Starts a slave, or starts it again.
   *
   * @param remote keys of the section {@code remote}, in YAML's flow style
   */
  void startSlave(String name, String remote) throws IOException {
    startSlave(name, remote, "");
  }

  /**
   * The same.
   *
   * @param sections that are added to its configuration
   */
  void startSlave(String name, String remote, String sections) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve(name + ".yaml"),
            """
            name: %1$s
            remote: {%2$s}
            store: {folder: %1$s, disk_reserve: 1MB}
            schedule: {pull: "* * * * * ?"}
            server: {listen: "127.0.0.1:0"}
            %3$s
            """
                .formatted(name, remote, sections));
    start(name, "freshet.replicator.app.ReplicatorMain", config);
  }

  /** Starts a node by a command, or starts it again. */
  void start(String name, ProcessBuilder command) throws IOException {
    daemons.put(
        name,
        command
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".log").toFile()))
            .start());
  }

  /** Starts a slave by a configuration that is there. */
  void startSlave(String name, Path config) throws IOException {
    start(name, "freshet.replicator.app.ReplicatorMain", config);
  }

  /** Kills a node, as kill -9 does, and what it has started. */
  void kill(String name) throws InterruptedException {
    Process node = daemons.remove(name);
    node.descendants().forEach(ProcessHandle::destroyForcibly);
    node.destroyForcibly().waitFor();
  }

  /** Sends a node a signal, such as HUP. */
  void signal(String name, String signal) throws Exception {
    Signals.send(signal, daemons.get(name).toHandle());
  }

  /** Whether it was started and not ended since. */
  boolean isStarted(String name) {
    return daemons.containsKey(name);
  }

  /** Asks a node to end, as systemd does, and gives its exit code. */
  int stop(String name) throws Exception {
    Process node = daemons.get(name);
    node.destroy();
    assertThat(node.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(log(name)).isTrue();
    daemons.remove(name);
    return node.exitValue();
  }

  /** Runs a verb of {@code bin/replicator} to its end. */
  Run replicator(String... arguments) throws Exception {
    List<String> command = java("freshet.replicator.app.ReplicatorMain");
    command.addAll(List.of(arguments));
    return run(new ProcessBuilder(command));
  }

  /** Runs a command to its end. */
  Run run(ProcessBuilder command) throws Exception {
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    Process verb = command.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    return new Run(verb.waitFor(), Files.readString(out), Files.readString(err));
  }

  /** A slave's store. */
  LocalRepository store(String slave) {
    return new LocalRepository(new RepositoryLayout(folder.resolve(slave)));
  }

  /** What a slave serves, as {@link ListingMaster#contents}. */
  Map<String, String> contents(String slave) throws IOException {
    return ListingMaster.contents(store(slave));
  }

  /** The generation that a slave serves; empty if none. */
  Optional<Generation> served(String slave) throws Exception {
    return Optional.of(status(slave).path("generation").asText(""))
        .filter(text -> !text.isEmpty())
        .map(Generation::parse);
  }

  /** What a slave says of itself. */
  JsonNode status(String slave) throws Exception {
    return Json.parse(ask(slave, "status").body());
  }

  /** How many documents of all cities a slave finds. */
  long found(String slave) throws Exception {
    JsonNode total = Json.parse(ask(slave, "search?q=&city=*").body()).path("total");
    return total.isObject() ? total.path("value").asLong(-1) : total.asLong(-1);
  }

  /** Asks a slave that wants neither TLS nor a token. */
  HttpResponse<String> ask(String slave, String path) throws Exception {
    URI url = addressOf(folder.resolve(slave)).resolve(path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(url).timeout(PATIENCE).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  /** Where the daemon of this folder listens, once it does. */
  URI addressOf(Path daemon) throws Exception {
    await(daemon + " has a daemon", () -> new DaemonFile(daemon).read().isPresent());
    return new DaemonFile(daemon).read().orElseThrow().url();
  }

  /** What a node has said so far. */
  String log(String name) throws IOException {
    return Files.readString(folder.resolve(name + ".log"));
  }

  /** Waits until something holds, while all nodes live. */
  void await(String what, Condition condition) throws Exception {
    await(what, PATIENCE, condition);
  }

  /** The same, for something that takes its time. */
  void await(String what, Duration patience, Condition condition) throws Exception {
    long start = TIME.nanoTime();
    while (!holds(condition)) {
      for (Map.Entry<String, Process> one : daemons.entrySet()) {
        assertThat(one.getValue().isAlive()).as(log(one.getKey())).isTrue();
      }
      assertThat(TIME.since(start)).as("%s%n%s", what, logs()).isLessThan(patience);
      TIME.sleep(PAUSE);
    }
  }

  /** To be called also by a test that failed. */
  void killAll() throws InterruptedException {
    for (String name : List.copyOf(daemons.keySet())) {
      kill(name);
    }
  }

  private static boolean holds(Condition condition) throws Exception {
    try {
      return condition.holds();
    } catch (IOException | NumberFormatException e) {
      // A node that is not up yet, a file that was collected a moment ago, or one that is on its
      // way: Lucene takes segments_4.part for a commit.
      return false;
    }
  }

  private String logs() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String name : daemons.keySet()) {
      all.append("-- ").append(name).append('\n').append(log(name));
    }
    return all.toString();
  }

  private void start(String name, String main, Path config) throws IOException {
    List<String> command = java(main);
    command.addAll(List.of("run", "--config", config.toString()));
    start(name, new ProcessBuilder(command));
  }

  private static List<String> java(String main) {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-Dfreshet.home=" + System.getProperty("freshet.home", ".."),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            main));
  }
}

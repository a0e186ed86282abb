package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.replicator.command.DaemonFile;
import freshet.replicator.command.Json;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.swap.RepositoryFixture;
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
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A slave with a paused city whose process is killed again and again while generations come. */
@Timeout(300)
class PausedCitySystemIT {
  private static final Time TIME = new SystemTime();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int KILLS = 4;
  private static final long SEED = Long.getLong("freshet.kill.seed", 5);
  private static final IndexSchema SCHEMA =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(new FieldSpec("body", FieldType.TEXT, "standard", false, true, false)),
          List.of("body"));

  @TempDir private Path folder;
  private Process slave;

  @AfterEach
  void end() throws Exception {
    if (slave != null) {
      slave.destroyForcibly().waitFor();
    }
  }

  @Test
  void killedAgainAndAgainItServesThePausedCityAsItWasAndTheOthersAsTheyAre() throws Exception {
    Random random = new Random(SEED);
    try (RepositoryFixture master = new RepositoryFixture(folder.resolve("master"), SCHEMA);
        HttpClient client = HttpClient.newHttpClient()) {
      master.put("berlin", 1, 1, "kept").put("berlin", 2, 1, "kept").put("bonn", 3, 1, "at 0");
      master.publish();
      Files.writeString(
          folder.resolve("replicator.yaml"),
          """
          remote: {url: "%s"}
          store: {folder: store, disk_reserve: 1MB}
          schedule: {pull: "* * * * * ?"}
          server: {listen: "127.0.0.1:0"}
          alerts: {log: false}
          """
              .formatted(master.repository().layout().root()));
      start();
      await(client, found -> found.size() == 3);
      verb("pause", "--city", "berlin", "--for", "1h");
      for (int kill = 1; kill <= KILLS; kill++) {
        int generations = 1 + random.nextInt(3);
        for (int i = 0; i < generations; i++) {
          master.put("berlin", 1, 10 * kill + i, "changed");
          master.put("bonn", 3, 10 * kill + i, "at " + kill + "-" + i);
          // 2 moves to bonn with the first, and stays there.
          master.delete("berlin", 2).put("bonn", 2, 10 * kill + i, "moved");
          master.publish();
        }
        TIME.sleep(Duration.ofMillis(random.nextInt(1_500)));
        slave.destroyForcibly().waitFor();

        start();

        String newest = "bonn: at %d-%d".formatted(kill, generations - 1);
        assertThat(await(client, found -> newest.equals(found.get("3"))))
            .as("kill %d of seed %d", kill, SEED)
            .isEqualTo(Map.of("1", "berlin: kept", "2", "bonn: moved", "3", newest));
        assertThat(found(client, "berlin")).containsOnlyKeys("1", "2");
      }
      verb("resume", "--city", "berlin");
      await(client, found -> "berlin: changed".equals(found.get("1")));
      assertThat(found(client, "berlin")).containsOnlyKeys("1");
    }
  }

  private Map<String, String> await(HttpClient client, Predicate<Map<String, String>> condition)
      throws Exception {
    long start = TIME.nanoTime();
    while (true) {
      Map<String, String> found = found(client, "*");
      if (condition.test(found)) {
        return found;
      }
      assertThat(TIME.since(start)).as("%s%n%s", found, talk()).isLessThan(PATIENCE);
      assertThat(slave.isAlive()).as(talk()).isTrue();
      TIME.sleep(Duration.ofMillis(50));
    }
  }

  /** Empty while nobody answers. */
  private Map<String, String> found(HttpClient client, String city) throws Exception {
    Map<String, String> found = new TreeMap<>();
    Optional<DaemonFile.Daemon> daemon = new DaemonFile(folder.resolve("store")).read();
    if (daemon.isEmpty() || daemon.get().pid() != slave.pid()) {
      return found;
    }
    URI url = daemon.get().url().resolve("/search?size=100&q=&city=" + city);
    try {
      String body =
          client
              .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString())
              .body();
      for (JsonNode hit : Json.parse(body).path("hits")) {
        String text =
            "%s: %s".formatted(hit.path("city").asText(), hit.at("/fields/body").asText());
        assertThat(found.put(hit.path("id").asText(), text)).as(body).isNull();
      }
    } catch (IOException e) {
      found.clear();
    }
    return found;
  }

  private void start() throws IOException {
    slave = process("run");
  }

  private void verb(String... arguments) throws Exception {
    Process verb = process(arguments);
    assertThat(verb.waitFor()).as(talk()).isZero();
  }

  private Process process(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-Dfreshet.home=" + System.getProperty("freshet.home", ".."),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "freshet.replicator.app.ReplicatorMain"));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--config", folder.resolve("replicator.yaml").toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("talk").toFile()))
        .start();
  }

  private String talk() throws IOException {
    Path talk = folder.resolve("talk");
    return Files.exists(talk) ? Files.readString(talk) : "";
  }
}

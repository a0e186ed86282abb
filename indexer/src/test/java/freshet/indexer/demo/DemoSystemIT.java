package freshet.indexer.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import freshet.indexer.embedded.Signals;
import freshet.replicator.runtime.SystemTime;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoSystemIT {
  private static final Time TIME = new SystemTime();
  private static final Duration LONGEST = Duration.ofMinutes(3);

  @TempDir Path folder;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void killLeftOvers() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void endsEqualThoughProcessesAreKilled() throws Exception {
    Process demo =
        demo("--duration", "12s", "--documents", "500", "--kill-every", "3s", "--seed", "3");
    JsonNode summary = summary(demo, 0);
    assertThat(summary.path("verdict").asText()).isEqualTo("equal");
    assertThat(summary.path("documents").asLong()).isGreaterThan(450);
    assertThat(summary.path("kills").asInt()).isGreaterThanOrEqualTo(3);
    assertThat(summary.path("rescuedByOverlap").asLong()).isPositive();
    for (String kind : List.of("insert", "edit", "delete", "move", "reinsert", "late")) {
      assertThat(summary.path("changes").path(kind).asLong()).as(kind).isPositive();
    }
    for (String slave : List.of("slave-1", "slave-2")) {
      assertThat(Duration.parse(summary.path("ages").path(slave).path("max").asText()))
          .as(slave)
          .isPositive();
    }
    assertNothingIsLeft();
  }

  @Test
  void everySabotageIsCaughtAndNothingElse() throws Exception {
    Process demo =
        demo(
            "--duration",
            "6s",
            "--documents",
            "300",
            "--sabotage",
            "missing,ghost,field,city",
            "--seed",
            "4");
    JsonNode summary = summary(demo, 1);
    assertThat(summary.path("verdict").asText()).isEqualTo("different");
    JsonNode sabotages = summary.path("sabotages");
    assertThat(sabotages).hasSize(4);
    for (JsonNode sabotage : sabotages) {
      assertThat(kinds(summary, sabotage.path("document").asText()))
          .contains(sabotage.path("kind").asText());
    }
    List<String> damaged = texts(sabotages, "document");
    assertThat(damaged).containsAll(texts(summary.path("differences"), "document"));
    assertThat(texts(summary.path("differences"), "slave")).containsOnly("slave-1");
    assertNothingIsLeft();
  }

  @Test
  void interruptLeavesNothing() throws Exception {
    Process demo = demo("--documents", "200", "--slaves", "1");
    Path talk = folder.resolve("talk");
    long start = TIME.nanoTime();
    while (!Files.readString(talk).contains("all slaves have the listings")
        && demo.isAlive()
        && TIME.since(start).compareTo(LONGEST) < 0) {
      TIME.sleep(Duration.ofMillis(50));
    }
    assertThat(Files.readString(talk)).contains("all slaves have the listings");
    assertThat(processes()).hasSizeGreaterThanOrEqualTo(2);
    awaitCanary(Files.readString(talk).replaceFirst("(?s).*try (http://[^/]+)/.*", "$1"));
    boolean canInterrupt = !Signals.isIgnored("INT");
    Signals.send(canInterrupt ? "INT" : "TERM", demo.toHandle());
    assertThat(demo.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(demo.exitValue()).isEqualTo(canInterrupt ? 130 : 143);
    assertThat(Files.readString(talk)).doesNotContain("failed");
    assertNothingIsLeft();
  }

  private static void awaitCanary(String slave) throws Exception {
    long start = TIME.nanoTime();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(slave + "/status")).build();
      JsonNode age = MissingNode.getInstance();
      while (!age.path("state").asText().equals("known")) {
        assertThat(TIME.since(start)).as("%s", age).isLessThan(LONGEST);
        TIME.sleep(Duration.ofMillis(50));
        String status = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        age = new JsonMapper().readTree(status).at("/canary/age");
      }
    }
  }

  @Test
  void badDataFileIsAUsageErrorThatNamesTheLine() throws Exception {
    Path data = Files.writeString(folder.resolve("bad.jsonl"), "{\"id\": 1}\n");
    Process demo = demo("--duration", "5s", "--data", data.toString());
    assertThat(demo.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(demo.exitValue()).isEqualTo(2);
    assertThat(Files.readString(folder.resolve("talk")))
        .contains("demo: " + data + " line 1 has no city, expected a text");
    assertNothingIsLeft();
  }

  private static List<String> kinds(JsonNode summary, String document) {
    return StreamSupport.stream(summary.path("differences").spliterator(), false)
        .filter(difference -> difference.path("document").asText().equals(document))
        .map(difference -> difference.path("kind").asText())
        .toList();
  }

  private static List<String> texts(JsonNode list, String key) {
    return StreamSupport.stream(list.spliterator(), false)
        .map(one -> one.path(key).asText())
        .toList();
  }

  private JsonNode summary(Process demo, int exitCode) throws Exception {
    boolean hasEnded = demo.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS);
    String talk = Files.readString(folder.resolve("talk"));
    assertThat(hasEnded).as(talk).isTrue();
    String out = Files.readString(folder.resolve("out"));
    assertThat(demo.exitValue()).as(talk + out).isEqualTo(exitCode);
    return new JsonMapper().readTree(out);
  }

  /** Everything that a demo starts has its temporary folder in its command line, or is there. */
  private Process demo(String... arguments) throws IOException {
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    Files.writeString(folder.resolve("talk"), "");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("-Dfreshet.home=" + System.getProperty("freshet.home"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(DemoMain.class.getName());
    command.addAll(List.of(arguments));
    command.add("--json");
    Process demo =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("talk").toFile())
            .start();
    started.add(demo);
    return demo;
  }

  private void assertNothingIsLeft() throws Exception {
    // A guardian that is let go ends by itself, a moment after whoever let it go.
    assertThat(processes()).allMatch(line -> line.contains("freshet-guardian"));
    long start = TIME.nanoTime();
    while (!processes().isEmpty() && TIME.since(start).compareTo(LONGEST) < 0) {
      TIME.sleep(Duration.ofMillis(50));
    }
    assertThat(processes()).isEmpty();
    try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
      // Whatever the JVM itself keeps there, such as hsperfdata, is not ours.
      assertThat(left.filter(path -> path.toString().contains("freshet"))).isEmpty();
    }
  }

  private List<String> processes() {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.contains(folder.resolve("tmp") + "/freshet"))
        .toList();
  }
}

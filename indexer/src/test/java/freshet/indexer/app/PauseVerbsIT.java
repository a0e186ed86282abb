package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.indexer.app.CityTable.Run;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.replicator.command.DaemonFile;
import freshet.replicator.command.Json;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/indexer pause} and {@code resume}, with and without a daemon. */
class PauseVerbsIT {
  private static final Time TIME = new SystemTime();

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();
  @TempDir private Path folder;
  private CityTable table;

  @BeforeEach
  void publish() throws Exception {
    table = CityTable.create(database, folder);
    table.insert(1, "boston");
    table.insert(2, "chicago");
    table.build();
  }

  @Test
  void mistakesAreRefusedWithWhatIsExpected() {
    expectRefused("--for is missing: say how long, such as --for 10m, at most 24h", "pause");
    expectRefused("--for -5m: a duration of 1s to 24h is expected", "pause", "--for", "-5m");
    expectRefused("--for soon: a duration of 1s to 24h is expected", "pause", "--for", "soon");
    expectRefused("--for 0s: 1s to 24h is expected", "pause", "--for", "0s");
    expectRefused("--for 2d: 1s to 24h is expected, such as 10m", "pause", "--for", "2d");
    expectRefused(
        "there is no city bostn in the published snapshot, which has 2 cities; did you mean boston?",
        "pause",
        "--for",
        "10m",
        "--city",
        "bostn");
    expectRefused("nothing is paused here", "resume");
    expectRefused(
        "--city boston: it is not paused by itself; nothing is", "resume", "--city", "boston");

    run("pause", "--for", "10m", "--by", "ann@ops-1", "--reason", "new disk");
    expectRefused(
        "it is not paused by itself; everything is paused by ann@ops-1",
        "resume",
        "--city",
        "boston");
  }

  @Test
  void rootReadsTheFoldersOfAnotherAccountAndWritesNothingThere() throws Exception {
    assumeThat(System.getProperty("user.name")).isEqualTo("root");
    Files.setAttribute(folder.resolve("data/index"), "unix:uid", 65_534);

    assertThat(run("status").out()).contains("published: generation");
    for (String[] command :
        List.of(
            new String[] {"pause", "--for", "10m"},
            new String[] {"build"},
            new String[] {"rebuild", "--all"},
            new String[] {"city", "retire", "boston"},
            new String[] {"diff", "--repair"})) {
      Run refused = table.indexer(command);
      assertThat(refused.exitCode()).as(refused.err()).isEqualTo(73);
      assertThat(refused.err()).contains("data/index is another account's", "runuser -u ");
    }
    assertThat(folder.resolve("data/index/rebuild")).doesNotExist();
  }

  @Test
  void cronBuildsNothingWhileEverythingIsPausedAndStatusSaysWhy() throws Exception {
    Run paused = run("pause", "--for", "10m", "--reason", "new disk");
    assertThat(paused.out())
        .startsWith("paused by " + System.getProperty("user.name") + "@")
        .contains(": new disk. What is under way ends first")
        .contains("bin/indexer resume");
    table.insert(3, "boston");

    Run build = run("build");
    assertThat(build.out()).startsWith("nothing is read: the master is paused by ");
    JsonNode standstill = Json.parse(run("build", "--json").out());
    assertThat(standstill.path("paused").path("reason").asText()).isEqualTo("new disk");
    assertThat(table.published()).containsEntry("boston", 1L);
    assertThat(run("status").out()).contains("waits for: its pause to end", "new disk");

    JsonNode resumed = Json.parse(run("resume", "--json").out());
    assertThat(resumed.path("resumed").path(0).path("reason").asText()).isEqualTo("new disk");
    table.build();
    assertThat(table.published()).containsEntry("boston", 2L);
  }

  @Test
  void cronBuildsTheOthersWhileACityIsPaused() throws Exception {
    run("pause", "--for", "10m", "--city", "boston", "--reason", "import");
    table.insert(3, "boston");
    table.insert(4, "chicago");
    table.build();
    assertThat(table.published()).isEqualTo(Map.of("boston", 1L, "chicago", 2L));
    assertThat(run("status").out()).contains("boston is behind since", "paused by", "import");

    assertThat(run("status", "--city", "boston", "--city", "chicago").out())
        .containsPattern("city boston: at most .*behind .*; paused by .*: import")
        .containsPattern("city chicago: at most ");
    JsonNode status =
        Json.parse(run("status", "--city", "boston", "--city", "chicago", "--json").out());
    expectStagesOfAges(status, 2);
    expectRefused(
        "there is no city bostn in what is served, which has 2 cities; did you mean boston?",
        "status",
        "--city",
        "bostn");

    run("resume", "--city", "boston");
    table.build();
    assertThat(table.published()).isEqualTo(Map.of("boston", 2L, "chicago", 2L));
  }

  @Test
  void aDaemonStandsStillSaysSoAndGoesOnByItself() throws Exception {
    try (CityTable.Daemon daemon = table.start()) {
      URI url = new DaemonFile(folder.resolve("data/index")).read().orElseThrow().url();
      run("pause", "--for", "10m", "--reason", "new disk");
      await(() -> status(url).path("state").asText().equals("paused"));
      assertThat(status(url).path("waitsFor").asText()).contains("new disk", "bin/indexer resume");
      assertThat(status(url).path("paused").path("whole").path("reason").asText())
          .isEqualTo("new disk");
      assertThat(paused(url)).isGreaterThan(500);
      expectStagesOfAges(Json.parse(get(url, "/status?city=chicago")), 1);
      assertThat(get(url, "/status?city=chicag")).contains("did you mean chicago?");
      // The cycle that ran meanwhile is over.
      await(() -> daemon.master().cycle().behind().isEmpty());
      table.insert(3, "boston");
      JsonNode last = status(url).path("lastCycles").path(0).path("started");

      // It takes the place of the longer one, and ends by itself.
      run("pause", "--for", "3s", "--reason", "new disk");
      await(() -> table.published().get("boston") == 2L);
      // What it did is told when it is over, which is after it has published.
      await(() -> !status(url).path("lastCycles").path(0).path("started").equals(last));
      await(() -> paused(url) == 0);
    }
  }

  private static void expectStagesOfAges(JsonNode status, int cities) {
    assertThat(status.path("ages")).hasSize(cities);
    for (JsonNode city : status.path("ages")) {
      Duration sum =
          city.path("stages")
              .valueStream()
              .map(stage -> Duration.parse(stage.asText()))
              .reduce(Duration.ZERO, Duration::plus);
      assertThat(sum).as("%s", city).isEqualTo(Duration.parse(city.at("/age/atMost").asText()));
    }
  }

  private double paused(URI url) throws Exception {
    return get(url, "/metrics")
        .lines()
        .filter(line -> line.startsWith("freshet_pause_remaining_seconds "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode status(URI url) throws Exception {
    return Json.parse(get(url, "/status"));
  }

  private static String get(URI url, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(url.resolve(path)).build(), BodyHandlers.ofString())
          .body();
    }
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    Deadline deadline = Deadline.after(TIME, Duration.ofSeconds(60));
    while (!condition.call()) {
      assertThat(deadline.isPast()).as("still waiting").isFalse();
      TIME.sleep(Duration.ofMillis(50));
    }
  }

  private void expectRefused(String message, String... arguments) {
    Run run = table.indexer(arguments);
    assertThat(run.err()).contains(message);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
  }

  private Run run(String... arguments) {
    Run run = table.indexer(arguments);
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    return run;
  }
}

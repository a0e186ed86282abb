package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.replicator.command.Json;
import freshet.replicator.command.Verb;
import freshet.replicator.pause.FrozenFolder;
import freshet.replicator.pull.HandmadeMaster;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
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
  void cronPullsAPausedCityTooAndKeepsWhatIsServedOfIt() throws Exception {
    // No snapshot stands on another one, whose files would stay for that.
    master.fullEvery(1);
    CityEntry old = master.current().cities().get(new City("berlin"));
    assertThat(well("pause", "--city", "berlin", "--for", "10m", "--by", "ann@ops-1").out())
        .startsWith("cities berlin: paused by ann@ops-1 until ")
        .contains("bin/replicator resume");
    for (int generation = 2; generation < 7; generation++) {
      master.publish(1, "berlin");
      assertThat(well("pull").out()).startsWith("installed snapshot 1-000000000" + generation);
    }
    LocalRepository store = store();
    assertThat(store.latestSnapshot()).contains(master.current());
    assertThat(new FrozenFolder(store.layout()).read().get(new City("berlin")).entry())
        .isEqualTo(old);
    Path oldest = store.layout().resolve(RepositoryLayout.cityManifestName(old));
    assertThat(oldest).exists();
    // One that nothing needs is gone.
    assertThat(oldest.resolveSibling("c-2.json")).doesNotExist();
    JsonNode status = Json.parse(well("status", "--city", "berlin", "--json").out());
    assertThat(status.at("/pausedCities/0/by").asText()).isEqualTo("ann@ops-1");
    assertThat(status.at("/cities/0/readThrough").asText()).isEqualTo("2026-03-01T12:00:01Z");
    assertThat(status.path("documents").asLong()).isEqualTo(3);
    assertThat(run(false, "check-freshness", "--repository", store.layout().root().toString()))
        .satisfies(run -> assertThat(run.out()).contains("city berlin is paused by ann@ops-1"));

    // Longer, while it lasts: what is served stays.
    well("pause", "--city", "berlin", "--for", "20m");
    master.publish(1, "berlin");
    well("pull");
    assertThat(new FrozenFolder(store.layout()).read().get(new City("berlin")).entry())
        .isEqualTo(old);
    well("resume", "--city", "berlin");
    assertThat(Json.parse(well("status", "--json").out()).path("documents").asLong()).isEqualTo(9);
    // Anew, after it: what is served by then, whether or not anybody pulled in between.
    well("pause", "--city", "berlin", "--for", "10m");
    CityEntry newer = master.current().cities().get(new City("berlin"));
    master.publish(1, "berlin");
    well("pull");
    assertThat(new FrozenFolder(store.layout()).read().get(new City("berlin")).entry())
        .isEqualTo(newer);
    assertThat(oldest).doesNotExist();
    well("resume");
    well("pull");
    assertThat(new FrozenFolder(store.layout()).read()).isEmpty();
  }

  @Test
  void onlyCitiesThatAreServedHereArePaused() throws Exception {
    master.publish(1, "köln");
    well("pull");
    Files.writeString(config, Files.readString(config) + "pull: {cities: [\"b*\"]}\n");
    expectRefused(
        "city köln is not among those that this slave pulls, which are pull.cities: [\"b*\"]",
        "pause",
        "--city",
        "köln",
        "--for",
        "1m");
    expectRefused("did you mean berlin?", "pause", "--city", "Berlin", "--for", "1m");
    expectRefused("did you mean berlin?", "pause", "--city", "berlim", "--for", "1m");
    expectRefused(
        "there is no city paris in the published snapshot, which has 2 cities",
        "pause",
        "--city",
        "paris",
        "--for",
        "1m");
    expectRefused("--for is missing", "pause", "--city", "berlin");
    expectRefused("--city berlin: it is not paused by itself", "resume", "--city", "berlin");
  }

  @Test
  void mistakesAreRefusedWithWhatIsExpected() throws Exception {
    expectRefused("--for is missing", "pause");
    expectRefused("--for 25h: 1s to 24h is expected, such as 10m", "pause", "--for", "25h");
    expectRefused("nothing is paused here, so nothing is resumed", "resume");
  }

  private LocalRepository store() {
    return new LocalRepository(new RepositoryLayout(folder.resolve("store")));
  }

  private long installed() throws IOException {
    return store().latest().orElseThrow().generation().number();
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

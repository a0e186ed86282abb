package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.replicator.command.Json;
import freshet.replicator.command.Verb;
import freshet.replicator.http.HttpOptions;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.pause.FrozenFolder;
import freshet.replicator.pause.PauseFolder;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.repository.RepositoryChecks;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.serve.ServeLimits;
import freshet.replicator.serve.ServeOptions;
import freshet.replicator.serve.SnapshotServer;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.swap.RepositoryFixture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A slave on which one city is paused: it pulls and switches, and serves that one as it was. */
@Timeout(180)
class PausedCityIT {
  private static final Time TIME = new SystemTime();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final IndexSchema SCHEMA =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(new FieldSpec("body", FieldType.TEXT, "standard", false, true, false)),
          List.of("body"));

  @TempDir private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private RepositoryFixture master;
  private SnapshotServer snapshots;
  private HttpServer http;
  private Path config;
  private StopSignal stop;
  private RemoteRepository remote;
  private @Nullable Slave slave;
  private boolean isMasterDead;

  private record Run(int exitCode, String out, String err) {}

  @BeforeEach
  void serve() throws Exception {
    master = new RepositoryFixture(folder.resolve("master"), SCHEMA);
    snapshots =
        SnapshotServer.start(
            master.repository(), ServeOptions.DEFAULT, ServeLimits.DEFAULT, TIME, new Random(1));
    http =
        HttpServer.start(
            HttpOptions.at("127.0.0.1", 0), HttpSecurity.NONE, snapshots.routes(), TIME, "test");
    configure("5m");
    master.put("berlin", 1, 1, "one first").put("berlin", 2, 1, "two first");
    master.put("berlin", 3, 1, "three first").put("bonn", 4, 1, "four first");
    publish();
    start();
    await("*", found -> found.size() == 4);
  }

  @AfterEach
  void end() throws Exception {
    stop();
    killMaster();
    master.close();
    client.close();
  }

  @Test
  void aPausedCityIsServedAsItWasAndAllElseAsItIs() throws Exception {
    Run paused = well("pause", "--city", "berlin", "--for", "10m", "--by", "ann@ops-1");
    assertThat(paused.out()).startsWith("cities berlin: paused by ann@ops-1 until ");
    // From its first moment, before anything else happens.
    JsonNode first = awaitStatus("", status -> !status.path("pausedCities").isEmpty());
    assertThat(first.at("/pausedCities/0/by").asText()).isEqualTo("ann@ops-1");
    assertThat(first.path("waitsFor").asText()).contains("; city berlin is paused by ann@ops-1");
    assertThat(get(uri("/"), "text/html")).contains("paused by ann@ops-1 until");
    // Before the first pull had ended, its age was unknown, and that may still be open.
    String open = awaitJson("/incidents", PausedCityIT::hasPaused).toString();
    assertThat(open).contains("\"phase\":\"PENDING\"", "\"affected\":[\"berlin\"]");

    changeEverything();

    // 2 moved to bonn, 4 moved to berlin, 3 is gone, 1 has changed, 5 is new in berlin.
    Map<String, String> all = await("*", found -> found.containsKey("6"));
    assertThat(all)
        .isEqualTo(
            Map.of(
                "1", "berlin: one first",
                "2", "bonn: two second",
                "3", "berlin: three first",
                "6", "bonn: six first"));
    assertThat(found("berlin").keySet()).containsExactly("1", "2", "3");
    assertThat(found("bonn").keySet()).containsExactly("2", "6");
    JsonNode status = awaitStatus("?city=berlin&city=bonn", unused -> true);
    assertThat(age(status, 0)).isGreaterThan(age(status, 1));
    assertThat(status.at("/cities/0/paused/by").asText()).isEqualTo("ann@ops-1");
    assertThat(sumOfStages(status, 0)).isEqualTo(age(status, 0));
    assertThat(sumOfStages(status, 1)).isEqualTo(age(status, 1));
    assertThat(Duration.parse(status.at("/cities/0/stages/behind").asText())).isPositive();
    assertThat(status.at("/age/oldest").asText()).isEqualTo("berlin");
    assertThat(well("status", "--city", "berlin").out())
        .contains("city berlin: at most ", "behind ", "; paused by ann@ops-1 until ");
    assertThat(get(uri("/metrics"), "text/plain"))
        .contains("freshet_each_city_age_stage_seconds{city=\"berlin\",stage=\"behind\"}");

    whoPullsFromHereHasAllThatIsNew();
    well("resume", "--city", "berlin");
    await("*", PausedCityIT::isAllNew);
    awaitStatus("", later -> !later.has("pausedCities"));
  }

  private static boolean hasPaused(JsonNode incidents) {
    return incidents.path("incidents").findValuesAsText("cause").contains("paused");
  }

  @Test
  void aRestartAndADeadMasterChangeNothingAndResumeSwitchesFromTheStore() throws Exception {
    well("pause", "--city", "berlin", "--for", "10m");
    changeEverything();
    await("*", found -> found.containsKey("6"));
    stop();
    killMaster();
    assertThat(Json.parse(well("search", "*", "", "--json").out()).at("/total/value").asInt())
        .isEqualTo(4);

    start();

    assertThat(await("*", found -> found.containsKey("6"))).containsEntry("1", "berlin: one first");
    assertThat(found("berlin").keySet()).containsExactly("1", "2", "3");
    Duration before = age(awaitStatus("?city=berlin", unused -> true), 0);
    assertThat(age(awaitStatus("?city=berlin", unused -> true), 0)).isGreaterThan(before);
    well("resume", "--city", "berlin");
    await("*", PausedCityIT::isAllNew);
    stop();
    assertThat(Json.parse(well("search", "berlin", "", "--json").out()).at("/total/value").asInt())
        .isEqualTo(3);
  }

  @Test
  void thePauseEndsByItselfAndItsFilesGoAfterwards() throws Exception {
    CityEntry old = stored().cities().get(new City("berlin"));
    well("pause", "--city", "berlin", "--for", "10m");
    for (int generation = 0; generation < 5; generation++) {
      master.put("berlin", 1, 10 + generation, "one again").put("bonn", 9, generation, "nine");
      publish();
      Snapshot newest = published();
      awaitJson("/status", status -> serves(status, newest));
    }
    RepositoryLayout layout = new RepositoryLayout(folder.resolve("slave-1"));
    assertThat(layout.resolve(RepositoryLayout.cityManifestName(old))).exists();
    RepositoryChecks.complete(
        new LocalRepository(layout),
        new Snapshot(
            stored().manifest(),
            stored().manifestDigest(),
            new TreeMap<>(Map.of(old.city(), old))));

    well("pause", "--city", "berlin", "--for", "2s");
    await("berlin", found -> "berlin: one again".equals(found.get("1")));
    awaitGone(layout.resolve(RepositoryLayout.cityManifestName(old)));
    assertThat(new FrozenFolder(layout).read()).isEmpty();
    RepositoryChecks.complete(layout.root());
  }

  @Test
  void aCityThatIsGoneOrRolledBackAtTheMasterIsServedUntilTheEnd() throws Exception {
    well("pause", "--city", "berlin", "--for", "10m");
    master.rebuild("berlin").put("berlin", 1, 2, "one anew");
    master.put("bonn", 6, 1, "six first");
    publish();
    await("*", found -> found.containsKey("6"));
    assertThat(found("berlin").keySet()).containsExactly("1", "2", "3");
    master.remove("berlin").put("bonn", 2, 2, "two second").put("bonn", 7, 1, "seven first");
    publish();

    Map<String, String> all = await("*", found -> found.containsKey("7"));

    assertThat(all).containsEntry("1", "berlin: one first").containsEntry("2", "bonn: two second");
    assertThat(found("berlin").keySet()).containsExactly("1", "2", "3");
    well("resume", "--city", "berlin");
    assertThat(await("*", found -> !found.containsKey("1")).keySet())
        .containsExactly("2", "4", "6", "7");
    assertThat(run("pause", "--city", "berlin", "--for", "1m").err())
        .contains("there is no city berlin in the published snapshot, which has 1 city");
  }

  @Test
  void aPauseOfEverythingBesideAndAPullOfCronsChangeNothing() throws Exception {
    well("pause", "--for", "10m", "--by", "bob@ops-2");
    awaitStatus("", status -> status.path("paused").isObject());
    well("pause", "--city", "berlin", "--for", "10m", "--by", "ann@ops-1");
    changeEverything();
    assertThat(well("pull").out()).startsWith("nothing is pulled: the slave is paused by bob");
    assertThat(found("*")).hasSize(4).containsKey("4");
    assertThat(run("resume", "--city", "bonn").err()).contains("paused by bob@ops-2");
    new PauseFolder(new RepositoryLayout(folder.resolve("slave-1"))).remove(null);

    // Whichever of both comes first.
    run("pull");
    await("*", found -> found.containsKey("6"));

    assertThat(found("berlin").keySet()).containsExactly("1", "2", "3");
    assertThat(well("resume").out()).contains("resumed: city berlin was paused by ann@ops-1");
    await("*", PausedCityIT::isAllNew);
  }

  @Test
  void whatCanNotBeServedAnyMoreIsServedAsItIs() throws Exception {
    well("pause", "--city", "berlin", "--for", "10m");
    CityEntry old = stored().cities().get(new City("berlin"));
    changeEverything();
    await("*", found -> found.containsKey("6"));
    stop();
    Files.delete(
        new RepositoryLayout(folder.resolve("slave-1"))
            .resolve(RepositoryLayout.cityManifestName(old)));

    start();

    await("*", PausedCityIT::isAllNew);
    assertThat(awaitStatus("", unused -> true).path("pausedCities")).hasSize(1);
  }

  @Test
  void aPausedCityTakesNoSlaveFromItsBalancer() throws Exception {
    stop();
    configure("3s");
    start();
    well("pause", "--city", "berlin", "--for", "10m");
    // While the master goes on.
    awaitFresh(
        "/status?city=berlin", status -> age(status, 0).compareTo(Duration.ofSeconds(4)) > 0);
    awaitFresh("/readyz", ready -> ready.path("ready").asBoolean());
    // That of a master that stood still while the slave started may still be open.
    JsonNode open =
        awaitFresh(
            "/incidents",
            found ->
                found.path("incidents").size() == 1
                    && found.at("/incidents/0/cause").asText().equals("paused")
                    && found.at("/incidents/0/phase").asText().equals("FIRING"));
    assertThat(open.at("/incidents/0/affected/0").asText()).isEqualTo("berlin");
  }

  @Test
  void citiesAreAskedForByTheirNames() throws Exception {
    assertThat(run("status", "--city", "berlim").err())
        .contains("there is no city berlim in what is served", "did you mean berlin?");
    assertThat(run("status", "--city", "berlim").exitCode()).isEqualTo(2);
    assertThat(run("pause", "--city", "berlim", "--for", "1m").err())
        .contains("there is no city berlim in the published snapshot", "did you mean berlin?");
    assertThat(run("resume", "--city", "berlin").err())
        .contains("--city berlin: it is not paused by itself; nothing is");
  }

  private void changeEverything() throws Exception {
    master.delete("berlin", 2).put("bonn", 2, 2, "two second");
    master.delete("bonn", 4).put("berlin", 4, 2, "four second");
    master.delete("berlin", 3).put("berlin", 1, 2, "one second").put("berlin", 5, 1, "five first");
    master.put("bonn", 6, 1, "six first");
    publish();
  }

  private static boolean isAllNew(Map<String, String> found) {
    return found.equals(
        Map.of(
            "1", "berlin: one second",
            "2", "bonn: two second",
            "4", "berlin: four second",
            "5", "berlin: five first",
            "6", "bonn: six first"));
  }

  private void whoPullsFromHereHasAllThatIsNew() throws Exception {
    RepositoryChecks.complete(folder.resolve("slave-1"));
    // What is searched here is offered to others a moment later.
    Snapshot newest = published();
    awaitJson("/LATEST", latest -> serves(latest, newest));
    Path other = configure("slave-2", uri(), "5m");
    assertThat(run(List.of("pull", "--config", other.toString())).exitCode()).isZero();
    Run all = run(List.of("search", "*", "", "--json", "--config", other.toString()));
    assertThat(isAllNew(hits(Json.parse(all.out())))).as(all.out()).isTrue();
  }

  private Snapshot stored() throws Exception {
    return new LocalRepository(new RepositoryLayout(folder.resolve("slave-1")))
        .latestSnapshot()
        .orElseThrow();
  }

  private Snapshot published() throws Exception {
    return master.repository().latestSnapshot().orElseThrow();
  }

  private static boolean serves(JsonNode status, Snapshot snapshot) {
    return status.path("generation").toString().contains(snapshot.generation().toString())
        || status.path("generation").path("number").asLong() == snapshot.generation().number();
  }

  private void awaitGone(Path file) throws Exception {
    long start = TIME.nanoTime();
    while (Files.exists(file)) {
      assertThat(TIME.since(start)).as("%s is there", file).isLessThan(PATIENCE);
      publish();
      TIME.sleep(Duration.ofMillis(200));
    }
  }

  private Path configure(String name, URI url, String limit) throws Exception {
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        name: %s
        remote: {url: "%s"}
        store: {folder: %s, disk_reserve: 1MB}
        schedule: {pull: "* * * * * ?"}
        server: {listen: "127.0.0.1:0"}
        freshness: {limit: %s}
        alerts: {log: false, pending_for: 0s, clear_for: 0s, flap_window: 0s}
        metrics: {per_city: true}
        """
            .formatted(name, url, name, limit));
  }

  private void configure(String limit) throws Exception {
    config = configure("slave-1", http.uri(), limit);
  }

  private void killMaster() throws Exception {
    if (!isMasterDead) {
      snapshots.close();
      http.close();
      isMasterDead = true;
    }
  }

  private void start() throws Exception {
    ReplicatorConfig read = ReplicatorConfig.read(config, Map.of());
    stop = new StopSignal();
    remote = Remotes.open(read, config, TIME);
    stop.onRequest(remote::close);
    slave = Slave.start(read, read.remote(), remote, TIME, stop);
  }

  private void stop() throws Exception {
    Slave running = slave;
    if (running != null) {
      stop.request();
      running.close();
      slave = null;
    }
  }

  private void publish() throws Exception {
    Snapshot snapshot = master.publish();
    advertise(RepositoryFixture.advertisement(snapshot), now());
  }

  private void advertise(Advertisement claims, Instant through) throws IOException {
    master.repository().advertise(RepositoryFixture.saidAt(claims, now(), through));
    snapshots.latestChanged();
  }

  private URI uri(String path) {
    return uri().resolve(path);
  }

  private URI uri() {
    Slave running = slave;
    assertThat(running).isNotNull();
    return running.uri();
  }

  /** City and text of each document by id; fails if one is found twice. */
  private Map<String, String> found(String city) throws Exception {
    return hits(Json.parse(get(uri("/search?size=100&q=&city=" + city), "application/json")));
  }

  private static Map<String, String> hits(JsonNode result) {
    Map<String, String> found = new TreeMap<>();
    Set<String> twice = new TreeSet<>();
    for (JsonNode hit : result.path("hits")) {
      String text = "%s: %s".formatted(hit.path("city").asText(), hit.at("/fields/body").asText());
      if (found.put(hit.path("id").asText(), text) != null) {
        twice.add(hit.path("id").asText());
      }
    }
    assertThat(twice).as("%s", result).isEmpty();
    return found;
  }

  private Map<String, String> await(String city, Predicate<Map<String, String>> condition)
      throws Exception {
    long start = TIME.nanoTime();
    while (true) {
      Map<String, String> found = found(city);
      if (condition.test(found)) {
        return found;
      }
      assertThat(TIME.since(start)).as("%s", found).isLessThan(PATIENCE);
      TIME.sleep(Duration.ofMillis(50));
    }
  }

  private JsonNode awaitStatus(String query, Predicate<JsonNode> condition) throws Exception {
    return awaitJson("/status" + query, condition);
  }

  private JsonNode awaitJson(String path, Predicate<JsonNode> condition) throws Exception {
    long start = TIME.nanoTime();
    while (true) {
      JsonNode found = Json.parse(get(uri(path), "application/json"));
      if (condition.test(found)) {
        return found;
      }
      assertThat(TIME.since(start)).as("%s", found).isLessThan(PATIENCE);
      TIME.sleep(Duration.ofMillis(50));
    }
  }

  /** While the master says again and again that all it has is complete. */
  private JsonNode awaitFresh(String path, Predicate<JsonNode> condition) throws Exception {
    return awaitJson(
        path,
        found -> {
          try {
            advertise(master.repository().latest().orElseThrow(), now());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return condition.test(found);
        });
  }

  private static Duration age(JsonNode status, int city) {
    return Duration.parse(status.at("/cities/%d/age/atMost".formatted(city)).asText());
  }

  private static Duration sumOfStages(JsonNode status, int city) {
    return status
        .at("/cities/%d/stages".formatted(city))
        .valueStream()
        .map(stage -> Duration.parse(stage.asText()))
        .reduce(Duration.ZERO, Duration::plus);
  }

  private String get(URI url, String accept) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(url).header("Accept", accept).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private Run well(String... arguments) {
    Run run = run(arguments);
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    return run;
  }

  private Run run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", config.toString()));
    return run(all);
  }

  private static Run run(List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] given = arguments.toArray(String[]::new);
    CommandLine line =
        ReplicatorMain.commandLine(given)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    int code = Verb.run(line, new ReplicatorFailures(), given);
    return new Run(code, out.toString(), err.toString());
  }

  /** As fields of type date hold it. */
  private static Instant now() {
    return TIME.now().truncatedTo(ChronoUnit.MILLIS);
  }
}

package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.replicator.command.Json;
import freshet.replicator.freshness.Canary;
import freshet.replicator.http.HttpOptions;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.serve.ServeLimits;
import freshet.replicator.serve.ServeOptions;
import freshet.replicator.serve.SnapshotServer;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.swap.RepositoryFixture;
import freshet.replicator.swap.SnapshotSwitch;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A slave that searches for the canary in what it pulled by HTTP, and tells everybody who asks. */
@Timeout(120)
class CanaryIT {
  private static final Time TIME = new SystemTime();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final IndexSchema SCHEMA =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(
              new FieldSpec("body", FieldType.TEXT, "standard", false, true, false),
              new FieldSpec("beat", FieldType.DATE, null, false, true, true)),
          List.of("body"));

  @TempDir private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final StopSignal stop = new StopSignal();
  private RepositoryFixture master;
  private SnapshotServer snapshots;
  private HttpServer http;
  private RemoteRepository remote;
  private Slave slave;

  @BeforeEach
  void serve() throws Exception {
    master = new RepositoryFixture(folder.resolve("master"), SCHEMA);
    snapshots =
        SnapshotServer.start(
            master.repository(), ServeOptions.DEFAULT, ServeLimits.DEFAULT, TIME, new Random(1));
    http =
        HttpServer.start(
            HttpOptions.at("127.0.0.1", 0), HttpSecurity.NONE, snapshots.routes(), TIME, "test");
  }

  @AfterEach
  void end() throws Exception {
    if (slave != null) {
      stop.request();
      slave.close();
    }
    snapshots.close();
    http.close();
    master.close();
    client.close();
  }

  @Test
  void aSlaveTellsHowOldTheCanaryIsThatItFinds() throws Exception {
    Instant written = now().minusSeconds(100);
    publish(master.put("heart", 7, 1, "beat", written).put("berlin", 8, 1, "flat", now()));
    start("{id: 7, city: heart, field: beat}");

    JsonNode canary = await("/status", status -> isKnown(status.path("canary"))).path("canary");
    assertThat(canary.path("written").asText()).isEqualTo(written.toString());
    assertThat(canary.path("canary").path("id").asText()).isEqualTo("7");
    assertThat(age(canary)).isBetween(Duration.ofSeconds(100), Duration.ofSeconds(100 + 120));
    assertThat(metric("freshet_canary_age_seconds")).isBetween(100.0, 220.0);
    assertThat(metric("freshet_each_city_age_seconds{city=\"heart\"}")).isZero();
    assertThat(metric("freshet_each_city_age_seconds{city=\"berlin\"}")).isZero();
    assertThat(run("status", "--url", slave.uri().toString()))
        .contains("canary: document 7 of city heart, written ");

    Instant again = now();
    publish(master.put("heart", 7, 2, "beat", again));
    await("/status", status -> status.at("/canary/written").asText().equals(again.toString()));

    await(http.uri().resolve("/slaves"), fleet -> isKnown(fleet.at("/slaves/0/report/canary")));
    assertThat(run("status", "--url", http.uri().toString(), "--fleet"))
        .startsWith("1 slave reported lately; age p50 0 ms, p99 0 ms, max 0 ms")
        .contains("; canary: document 7 of city heart, written ");
  }

  @Test
  void cronsPullsSearchForItToo() throws Exception {
    publish(master.put("heart", 7, 1, "beat", now().minus(HOUR)));
    String config = configure("{id: 7, field: beat}").toString();

    assertThat(run("pull", "--config", config)).contains("1-0000000001");

    assertThat(run("status", "--config", config)).contains("canary: document 7, written 1 h ");
    assertThat(run("incident", "list", "--config", config)).doesNotContain("canary-disagrees");
    assertThat(run("check-freshness", "--config", config))
        .startsWith("FRESHNESS CRITICAL - slave-1: at most ")
        .contains("; canary: document 7, written 1 h ");
    Path eager =
        Files.writeString(
            folder.resolve("eager.yaml"),
            Files.readString(Path.of(config)).replace("pending_for: 1h", "pending_for: 0s"));
    run("pull", "--config", eager.toString());
    assertThat(run("incident", "list", "--config", config))
        .contains("firing    critical  canary-disagrees");
  }

  @Test
  void withoutAFieldTheVersionOfItsRowCounts() throws Exception {
    Instant version = now().minusSeconds(5);
    publish(master.put("berlin", 7, ChronoUnit.MICROS.between(Instant.EPOCH, version), "x", null));
    start("{id: 7}");

    await("/status", status -> status.at("/canary/written").asText().equals(version.toString()));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "9, -, -, it is not found in generation 1-0000000001",
        "7, bonn, -, there is no city 'bonn' in what is served; nearest names: berlin",
        "seven, -, -, _id is 'seven'; expected a key of columns [BIGINT]",
        "7, -, body, its field 'body' holds 'words': a stored field of type date",
        "7, berlin, bet, its field 'bet' holds nothing",
      })
  void whatIsNotFoundOrNoTimeIsUnknownAndSaysWhy(
      String id, @Nullable String city, @Nullable String field, String why) throws Exception {
    Snapshot snapshot = master.put("berlin", 7, 1, "words", now()).publish();
    try (SnapshotSwitch live = new SnapshotSwitch(master.repository(), 1, TIME)) {
      Canary canary =
          new Canary(id, city == null ? null : new City(city), field, Duration.ofSeconds(1));
      CanarySearch search = new CanarySearch(canary, live, TIME);
      search.seek();
      assertThat(search.last().toString()).contains("no snapshot is served here yet");

      live.switchTo(snapshot, RepositoryFixture.advertisement(snapshot));
      search.seek();

      assertThat(search.last())
          .isInstanceOfSatisfying(
              Canary.Unseen.class, unseen -> assertThat(unseen.why()).startsWith(why));
    }
  }

  /** The master claims an hour more than it has read, as one would that loses updates. */
  @Test
  void aCanaryThatContradictsTheAgeIsAnIncidentAndNotReady() throws Exception {
    publish(master.put("berlin", 7, 1, "beat", now().minus(HOUR)));
    start("{id: 7, field: beat}");

    await("/incidents", open -> failures(open).equals(List.of("CanaryTooOld")));
    JsonNode notReady = await("/readyz", ready -> !ready.path("ready").asBoolean());
    assertThat(notReady.path("reason").asText()).startsWith("the canary: document 7, written 1 h ");
    publish(master.put("berlin", 7, 2, "beat", now()));
    await("/incidents", open -> failures(open).isEmpty());
    await("/readyz", ready -> ready.path("ready").asBoolean());
    publish(master.delete("berlin", 7));
    JsonNode open = await("/incidents", found -> failures(found).equals(List.of("CanaryNotFound")));
    assertThat(open.at("/incidents/0/cause").asText()).isEqualTo("canary-disagrees");
    assertThat(open.at("/incidents/0/what").asText())
        .startsWith("the canary: document 7, tells no time: it is not found in generation");
    await("/readyz", ready -> ready.path("ready").asBoolean());
  }

  private static List<String> failures(JsonNode open) {
    return open.path("incidents").valueStream().map(one -> one.path("failure").asText()).toList();
  }

  private Path configure(String canary) throws Exception {
    return Files.writeString(
        folder.resolve("replicator.yaml"),
        """
            name: slave-1
            remote: {url: "%s"}
            store: {folder: slave-1, disk_reserve: 1MB}
            schedule: {pull: "* * * * * ?"}
            server: {listen: "127.0.0.1:0"}
            alerts: {log: false, pending_for: 1h, clear_for: 0s, flap_window: 0s}
            freshness: {canary: %s}
            metrics: {per_city: true}
            """
            .formatted(http.uri(), canary));
  }

  private void start(String canary) throws Exception {
    Path file = configure(canary);
    ReplicatorConfig config = ReplicatorConfig.read(file, Map.of());
    remote = Remotes.open(config, file, TIME);
    stop.onRequest(remote::close);
    slave = Slave.start(config, config.remote(), remote, TIME, stop);
  }

  private void publish(RepositoryFixture changed) throws Exception {
    Snapshot snapshot = changed.publish();
    Advertisement claims = RepositoryFixture.advertisement(snapshot);
    master.repository().advertise(RepositoryFixture.saidAt(claims, now(), now().plus(HOUR)));
    snapshots.latestChanged();
  }

  private JsonNode await(String path, Predicate<JsonNode> condition) throws Exception {
    return await(slave.uri().resolve(path), condition);
  }

  private JsonNode await(URI url, Predicate<JsonNode> condition) throws Exception {
    long start = TIME.nanoTime();
    while (true) {
      JsonNode found = Json.parse(get(url));
      if (condition.test(found)) {
        return found;
      }
      assertThat(TIME.since(start)).as("%s", found).isLessThan(PATIENCE);
      TIME.sleep(Duration.ofMillis(50));
    }
  }

  private String get(URI url) throws Exception {
    return client
        .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private double metric(String name) throws Exception {
    return get(slave.uri().resolve("/metrics"))
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static String run(String... arguments) {
    StringWriter out = new StringWriter();
    ReplicatorMain.commandLine(arguments)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(out))
        .execute(arguments);
    return out.toString();
  }

  private static boolean isKnown(JsonNode canary) {
    return canary.at("/age/state").asText().equals("known");
  }

  private static Duration age(JsonNode canary) {
    return Duration.parse(canary.at("/age/atMost").asText());
  }

  /** As fields of type date hold it. */
  private static Instant now() {
    return TIME.now().truncatedTo(ChronoUnit.MILLIS);
  }
}

package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.http.HttpOptions;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.remote.FolderServer;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.repository.RepositoryCollector;
import freshet.replicator.repository.Retention;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.serve.ServeLimits;
import freshet.replicator.serve.ServeOptions;
import freshet.replicator.serve.SnapshotServer;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CitySubset;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slaves that hold some cities only. */
class SubsetIT {
  private static final CitySubset B = CitySubset.of(List.of("b*"));

  @TempDir Path folder;
  private HandmadeMaster master;
  private FolderServer server;
  private Slave slave;

  @BeforeEach
  void start() throws IOException {
    master = new HandmadeMaster(folder.resolve("master")).withPacks();
    master.publish(20, "akron", "berlin", "bonn");
    server = new FolderServer(master.root());
    slave = new Slave(folder.resolve("store"), server.url());
    hold(B);
  }

  @AfterEach
  void stop() {
    slave.close();
    server.close();
  }

  @Test
  void onlyWhatIsWantedIsFetchedAndShown() throws Exception {
    PullOutcome.Installed installed = slave.pullsNew();

    assertThat(names(installed)).containsExactly("berlin", "bonn");
    assertThat(server.takeRequests()).noneMatch(name -> name.startsWith("cities/akron"));
    assertHolds("berlin", "bonn");
    master.publish(5, "akron", "berlin");
    assertThat(names(slave.pullsNew())).containsExactly("berlin", "bonn");
    assertHolds("berlin", "bonn");
  }

  @Test
  void aChangeElsewhereCostsTheManifestAlone() throws Exception {
    slave.pullsNew();
    master.publish(5, "akron");
    server.takeRequests();

    slave.pullsNew();

    assertThat(server.takeRequests())
        .containsExactly("LATEST", "snapshots/" + master.current().generation() + ".json");
    assertHolds("berlin", "bonn");
  }

  @Test
  void aWiderSubsetFetchesOnlyWhatItLacks() throws Exception {
    slave.pullsNew();
    hold(CitySubset.ALL);
    server.takeRequests();

    assertThat(names(slave.pullsNew())).containsExactly("akron", "berlin", "bonn");

    assertThat(server.takeRequests()).noneMatch(name -> name.startsWith("cities/b"));
    slave.isWholeCopyOf(master);
    assertThat(slave.pull()).isInstanceOf(PullOutcome.UpToDate.class);
  }

  @Test
  void aNarrowerSubsetLetsTheRestGo() throws Exception {
    hold(CitySubset.ALL);
    slave.pullsNew();
    hold(CitySubset.of(List.of("bonn")));
    server.takeRequests();

    assertThat(names(slave.pullsNew())).containsExactly("bonn");

    assertThat(server.takeRequests()).containsExactly("LATEST");
    assertHolds("bonn");
    hold(CitySubset.of(List.of("berlin")));
    assertThat(names(slave.pullsNew())).containsExactly("berlin");
    assertHolds("berlin");
  }

  @Test
  void whatTheStoreSaysOfItselfHoldsWhereverAPullEnds() throws Exception {
    slave.pullsNew();
    // As if it had ended after LATEST's time, and before the wider subset was noted.
    hold(CitySubset.of(List.of("akron")));
    slave.store().holdOnly(B.and(CitySubset.of(List.of("akron"))));
    assertThat(Slave.isWhole(slave.store()).orElseThrow().cities()).isEmpty();
    assertThat(names(slave.pullsNew())).containsExactly("akron");
    assertHolds("akron");
  }

  @Test
  void aGlobThatMatchesNothingIsAFinding() throws Exception {
    hold(CitySubset.of(List.of("b?nn", "brln*")));
    slave.pullsNew();
    assertThat(slave.unmatchedGlobs()).containsExactly("brln*");
    master.publish(5, "brln-2");
    slave.pullsNew();
    assertThat(slave.unmatchedGlobs()).isEmpty();
  }

  @Test
  void aSlaveWithSomeCitiesServesThemAndSaysWhatItLacks() throws Exception {
    slave.pullsNew();
    try (SnapshotServer snapshots =
            SnapshotServer.start(
                slave.store(),
                ServeOptions.DEFAULT,
                ServeLimits.DEFAULT,
                new SystemTime(),
                new Random(1));
        HttpServer http =
            HttpServer.start(
                HttpOptions.at("127.0.0.1", 0),
                HttpSecurity.NONE,
                snapshots.routes(),
                new SystemTime(),
                "test");
        Slave all = new Slave(folder.resolve("all"), http.uri().toString());
        Slave bonn = new Slave(folder.resolve("bonn"), http.uri().toString())) {
      assertThat(all.refusal())
          .isInstanceOfSatisfying(
              Refusal.Partial.class,
              partial -> {
                assertThat(partial.lacking()).isEqualTo(new City("akron"));
                assertThat(partial.held()).isEqualTo(B);
                assertThat(partial.explain())
                    .contains("holds only the cities that match [\"b*\"]", "city akron")
                    .contains("set pull.cities here to what it holds");
              });
      assertThat(all.held()).isEmpty();
      bonn.restart(new PullOptions(4, 0, ReplayMode.AUTO, CitySubset.of(List.of("bonn"))));
      assertThat(names(bonn.pullsNew())).containsExactly("bonn");
      assertThat(body(http, master.files("akron").getFirst()))
          .contains("this store holds only the cities that match", "pull.cities");
      assertThat(body(http, "cities/none/x/y")).contains("pull.cities");
      assertThat(body(http, "snapshots/none.json")).contains("no retained snapshot names");
    }
  }

  private void hold(CitySubset cities) {
    LocalRepository store = slave.store();
    RepositoryCollector collector =
        new RepositoryCollector(store, new Retention(1, Duration.ZERO), slave.time());
    slave.restart(new PullOptions(4, 0, ReplayMode.AUTO, cities), installed -> collector.collect());
  }

  private static List<String> names(PullOutcome.Installed installed) {
    return installed.snapshot().cities().keySet().stream().map(City::name).toList();
  }

  private void assertHolds(String... cities) throws IOException {
    assertThat(Slave.isWhole(slave.store()).orElseThrow().cities().keySet())
        .extracting(City::name)
        .containsExactly(cities);
    try (Stream<Path> folders = Files.list(slave.store().layout().cities())) {
      assertThat(folders.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder(cities);
    }
  }

  private static String body(HttpServer http, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(http.uri() + path)).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }
}

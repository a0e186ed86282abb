package freshet.replicator.serve;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.http.HttpOptions;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.publish.FreshnessClaim;
import freshet.replicator.publish.PublishOptions;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.publish.TestCity;
import freshet.replicator.publish.TestMaster;
import freshet.replicator.repository.RepositoryChecks;
import freshet.replicator.repository.Retention;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotServerIT {
  /** So seldom that only a notice can wake a waiter in time. */
  private static final ServeOptions BY_NOTICE =
      new ServeOptions(Duration.ofHours(1), Duration.ofSeconds(60), 2, 200, Duration.ofMinutes(10));

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private TestMaster master;
  private TestCity berlin;
  private SnapshotPublisher publisher;
  private SnapshotServer snapshots;
  private HttpServer http;

  @BeforeEach
  void start() throws Exception {
    master = new TestMaster(folder);
    berlin = master.city("berlin").put(1, "one", 10);
    publisher = master.open();
    serve(BY_NOTICE);
  }

  @AfterEach
  void stop() throws Exception {
    snapshots.close();
    http.close();
    master.close();
    if (Files.exists(master.repository().layout().latest())) {
      RepositoryChecks.complete(master.root);
      RepositoryChecks.checkIndexes(master.root);
    }
  }

  @Test
  void everythingThatLatestNamesIsServedWithItsDigest() throws Exception {
    assertThat(get("LATEST").statusCode()).isEqualTo(404);
    assertThat(text(get("LATEST"))).contains("nothing has been published here yet");
    publish();
    publish();

    HttpResponse<byte[]> latest = get("LATEST");
    assertThat(latest.body()).isEqualTo(Files.readAllBytes(master.root.resolve("LATEST")));
    assertThat(latest.headers().firstValue("ETag")).contains(etag(latest.body()));
    Snapshot snapshot = publisher.current().orElseThrow();
    assertServed(RepositoryLayout.snapshotName(snapshot.generation()), snapshot.manifestDigest());
    assertServed(
        RepositoryLayout.packName(snapshot.generation()), snapshot.manifest().pack().sha256());
    assertServed(
        RepositoryLayout.schemaName(snapshot.manifest().schema()), snapshot.manifest().schema());
    CityEntry entry = master.entry("berlin");
    assertServed(RepositoryLayout.cityManifestName(entry), entry.manifest());
    for (FileEntry file : manifest().files()) {
      assertServed(name(file), file.sha256());
    }
  }

  @Test
  void aRangeIsResumedOnlyOfTheSameFile() throws Exception {
    publish();
    FileEntry file = manifest().files().getFirst();
    byte[] whole = get(name(file)).body();
    String etag = "\"" + file.sha256() + "\"";

    HttpResponse<byte[]> tail = get(name(file), "Range", "bytes=10-", "If-Range", etag);
    assertThat(tail.statusCode()).isEqualTo(206);
    assertThat(tail.body()).isEqualTo(Arrays.copyOfRange(whole, 10, whole.length));
    assertThat(tail.headers().firstValue("Content-Range"))
        .contains("bytes 10-%d/%d".formatted(whole.length - 1, whole.length));
    assertThat(get(name(file), "Range", "bytes=10-", "If-Range", "\"other\"").body())
        .isEqualTo(whole);
    HttpResponse<byte[]> behind = get(name(file), "Range", "bytes=" + whole.length + "-");
    assertThat(behind.statusCode()).isEqualTo(416);
    assertThat(behind.headers().firstValue("Content-Range")).contains("bytes */" + whole.length);
    assertThat(get(name(file), "If-None-Match", etag).statusCode()).isEqualTo(304);
    HttpResponse<byte[]> head =
        client.send(
            request(name(file)).method("HEAD", BodyPublishers.noBody()).build(),
            BodyHandlers.ofByteArray());
    assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(whole.length);
    HttpResponse<byte[]> headOfRange =
        client.send(
            request(name(file))
                .header("Range", "bytes=10-")
                .method("HEAD", BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofByteArray());
    assertThat(headOfRange.statusCode()).as("a range is a matter of GET").isEqualTo(200);
    assertThat(headOfRange.headers().firstValueAsLong("Content-Length")).hasValue(whole.length);
  }

  @Test
  void aBigFileArrivesWhole() throws Exception {
    for (int i = 0; i < 3000; i++) {
      berlin.put(i, "a longer title with the number " + i * 7919L, i);
    }
    publish();
    FileEntry biggest =
        manifest().files().stream()
            .max(java.util.Comparator.comparingLong(FileEntry::length))
            .orElseThrow();

    assertThat(biggest.length()).isGreaterThan(128 << 10);
    assertServed(name(biggest), biggest.sha256());
  }

  @Test
  void aLongPollAnswersAsSoonAsLatestMoves() throws Exception {
    publish();
    String known = get("LATEST").headers().firstValue("ETag").orElseThrow();
    CompletableFuture<HttpResponse<byte[]>> waiting =
        client.sendAsync(
            request("LATEST?wait=50s").header("If-None-Match", known).build(),
            BodyHandlers.ofByteArray());
    awaitWaiting(1);

    publish();
    HttpResponse<byte[]> answer = waiting.get();
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(Files.readAllBytes(master.root.resolve("LATEST")));
    assertThat(get("LATEST?wait=50s", "If-None-Match", known).statusCode()).isEqualTo(200);
  }

  @Test
  void aLongPollEndsUnchangedAfterItsWait() throws Exception {
    publish();
    String known = get("LATEST").headers().firstValue("ETag").orElseThrow();

    HttpResponse<byte[]> answer = get("LATEST?wait=50ms", "If-None-Match", known);
    assertThat(answer.statusCode()).isEqualTo(304);
    assertThat(answer.body()).isEmpty();
    assertThat(get("LATEST", "If-None-Match", known).statusCode()).isEqualTo(304);
    assertThat(get("LATEST?wait=soon").statusCode()).isEqualTo(400);
  }

  @Test
  void aLongPollWaitsForTheFirstSnapshotAndEndsWithTheServer() throws Exception {
    CompletableFuture<HttpResponse<byte[]>> first =
        client.sendAsync(request("LATEST?wait=50s").build(), BodyHandlers.ofByteArray());
    awaitWaiting(1);
    publish();
    assertThat(first.get().statusCode()).isEqualTo(200);

    String known = get("LATEST").headers().firstValue("ETag").orElseThrow();
    CompletableFuture<HttpResponse<byte[]>> last =
        client.sendAsync(
            request("LATEST?wait=50s").header("If-None-Match", known).build(),
            BodyHandlers.ofByteArray());
    awaitWaiting(1);
    snapshots.close();
    assertThat(last.get().statusCode()).isEqualTo(304);
  }

  @Test
  void aRepositoryThatAnotherProcessWritesIsWatched() throws Exception {
    snapshots.close();
    http.close();
    serve(
        new ServeOptions(
            Duration.ofMillis(5), Duration.ofSeconds(60), 2, 200, Duration.ofMinutes(10)));
    publisher.publish(master.commit(berlin));
    assertThat(get("LATEST?wait=50s").statusCode()).isEqualTo(200);
    String known = get("LATEST").headers().firstValue("ETag").orElseThrow();
    master.time.advance(Duration.ofSeconds(1));
    publisher.refresh(FreshnessClaim.NONE);

    assertThat(get("LATEST?wait=50s", "If-None-Match", known).statusCode()).isEqualTo(200);
  }

  @Test
  void onlyWhatAManifestNamesIsServed() throws Exception {
    publish();
    CityEntry entry = master.entry("berlin");
    Path inside = master.repository().layout().incarnation(entry.city(), entry.incarnation());
    Files.writeString(inside.resolve("_secret.cfs"), "no");
    String folderName = RepositoryLayout.incarnationName(entry.city(), entry.incarnation());

    for (String path :
        List.of(
            "control/epoch-1",
            "state.json",
            folderName,
            folderName + "/",
            folderName + "/_secret.cfs",
            folderName + "//segments_1",
            "cities/berlin/../berlin/" + entry.incarnation() + "/segments_1",
            "cities/%2e%2e/%2e%2e/etc/passwd",
            "cities/..%2f..%2fstate.json",
            "cities/../../state.json",
            "snapshots/%00",
            "snapshots/..;/LATEST",
            "packs/C:%5Cwindows",
            "/etc/passwd")) {
      assertThat(rawStatus("/" + path)).as(path).isIn(404, 400);
    }
    assertThat(rawStatus("/" + folderName + "/segments_1")).isEqualTo(200);
  }

  @Test
  void olderSnapshotsAreServedUntilTheyAreCollected() throws Exception {
    master.options =
        new PublishOptions(master.options.stateFile(), 2, new Retention(1, Duration.ofSeconds(10)));
    publisher = master.open();
    publish();
    Snapshot old = publisher.current().orElseThrow();
    String manifest = RepositoryLayout.snapshotName(old.generation());
    String segments = name(manifest().files().getLast());
    publish();
    assertServed(manifest, old.manifestDigest());
    assertThat(get(segments).statusCode()).isEqualTo(200);

    for (int i = 0; i < 4; i++) {
      master.time.advance(Duration.ofMinutes(1));
      publish();
    }
    assertThat(get(manifest).statusCode()).isEqualTo(404);
    assertThat(get(segments).statusCode()).isEqualTo(404);
  }

  @Test
  void aFileThatVanishesWhileItIsNamedIsNotFound() throws Exception {
    publish();
    Path pack =
        master
            .repository()
            .layout()
            .resolve(RepositoryLayout.packName(publisher.current().orElseThrow().generation()));
    Path aside = Files.move(pack, pack.resolveSibling("aside"));
    HttpResponse<byte[]> gone = get(master.root.relativize(pack).toString());
    Files.move(aside, pack);

    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(text(gone)).contains("was removed a moment ago");
  }

  @Test
  void whatABadManifestNamesIsServedOnceThatIsHealed() throws Exception {
    publish();
    String file = name(manifest().files().getFirst());
    String manifest = RepositoryLayout.cityManifestName(master.entry("berlin"));
    Path bad = master.root.resolve(manifest);
    byte[] good = Files.readAllBytes(bad);
    for (boolean isGone : new boolean[] {false, true}) {
      snapshots.close();
      http.close();
      if (isGone) {
        Files.delete(bad);
      } else {
        Files.writeString(bad, "{}");
      }
      serve(BY_NOTICE);
      assertThat(get(file).statusCode()).isEqualTo(404);
      assertThat(get(manifest).statusCode()).isEqualTo(404);

      DurableFiles.write(bad, good);
      assertThat(get(file).statusCode()).as("without a restart").isEqualTo(200);
      assertThat(get(manifest).body()).isEqualTo(good);
    }
  }

  @Test
  void slavesReportWithinBounds() throws Exception {
    assertThat(post("slaves/node-1", "{\"generation\":\"1-0000000001\"}")).isEqualTo(204);
    assertThat(post("slaves/node-2", "{}")).isEqualTo(204);
    assertThat(post("slaves/node-2", "{\"again\":true}")).isEqualTo(204);
    assertThat(post("slaves/node-3", "{}")).isEqualTo(409);
    assertThat(post("slaves/no%2Fname", "{}")).isIn(400, 409);
    assertThat(post("slaves/node-1", "[]")).isEqualTo(400);
    assertThat(post("slaves/node-1", "{} {}")).isEqualTo(400);
    assertThat(post("slaves/node-1", "{\"x\":\"" + "x".repeat(300) + "\"}")).isEqualTo(413);

    String fleet = text(get("slaves"));
    assertThat(fleet).contains("\"node-1\"", "1-0000000001", "\"again\":true");
    assertThat(snapshots.fleet().at(new SystemTime().now().plusSeconds(700)).slaves()).isEmpty();
  }

  @Test
  void slavesSayWhichMergesTheyHave() throws Exception {
    assertThat(post("slaves/node-1/merges", "{\"merges\":[\"berlin/_7\"]}")).isEqualTo(204);
    assertThat(post("slaves/node-2/merges", "{\"merges\":[]}")).isEqualTo(204);
    assertThat(post("slaves/node-3/merges", "{\"merges\":[]}")).isEqualTo(409);
    assertThat(post("slaves/node-1/merges", "[]")).isEqualTo(400);

    assertThat(snapshots.prepared().at(new SystemTime().now()))
        .isEqualTo(new PreparedMerges.Figures(2, Map.of("berlin/_7", 1)));

    assertThat(post("slaves/node-2/merges", "{\"merges\":[\"berlin/_7\"]}")).isEqualTo(204);
    PreparedMerges.Figures all = snapshots.prepared().at(new SystemTime().now());
    assertThat(all.withAll(Set.of("berlin/_7", "rome/_3"))).containsExactly("berlin/_7");
    assertThat(new PreparedMerges.Figures(0, Map.of()).withAll(Set.of("a/_1"))).hasSize(1);
  }

  private void serve(ServeOptions options) throws IOException {
    snapshots =
        SnapshotServer.start(
            master.repository(), options, ServeLimits.DEFAULT, new SystemTime(), new Random(1));
    http =
        HttpServer.start(
            HttpOptions.at("127.0.0.1", 0),
            HttpSecurity.NONE,
            snapshots.routes(),
            new SystemTime(),
            "test");
  }

  private void publish() throws Exception {
    publisher.publish(master.commit(berlin.put(master.random.nextInt(100) + 9999, "new", 1)));
    snapshots.latestChanged();
  }

  private CityManifest manifest() throws IOException {
    return master.repository().cityManifest(master.entry("berlin"));
  }

  private String name(FileEntry file) throws IOException {
    CityEntry entry = master.entry("berlin");
    return RepositoryLayout.fileName(entry.city(), entry.incarnation(), file.name());
  }

  private void awaitWaiting(int count) {
    SystemTime time = new SystemTime();
    long start = time.nanoTime();
    while (snapshots.waiting() < count) {
      assertThat(time.since(start)).isLessThan(Duration.ofSeconds(20));
      Thread.onSpinWait();
    }
  }

  private void assertServed(String name, Digest digest) throws Exception {
    HttpResponse<byte[]> response = get(name);
    assertThat(response.statusCode()).as(name).isEqualTo(200);
    assertThat(Digest.of(response.body())).as(name).isEqualTo(digest);
    assertThat(response.headers().firstValue("ETag")).contains("\"" + digest + "\"");
  }

  private static String etag(byte[] bytes) {
    return "\"" + Digest.of(bytes) + "\"";
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(http.uri() + path));
  }

  private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = request(path);
    return client.send(
        (headers.length == 0 ? request : request.headers(headers)).build(),
        BodyHandlers.ofByteArray());
  }

  private int post(String path, String body) throws Exception {
    return client
        .send(request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.discarding())
        .statusCode();
  }

  /** By a plain socket, since a client would clean up the path. */
  private int rawStatus(String path) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", http.port())) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return Integer.parseInt(answer.substring(9, 12));
    }
  }
}

package freshet.replicator.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import freshet.replicator.files.Digest;
import freshet.replicator.http.HttpOptions;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.publish.TestCity;
import freshet.replicator.publish.TestMaster;
import freshet.replicator.remote.RemoteAccess;
import freshet.replicator.remote.RemoteBody;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompressionIT {
  private static final int SERVED_BYTES = 100_000;

  @TempDir Path folder;
  private final ManualTime time = new ManualTime(Instant.EPOCH);
  private final HttpClient client = HttpClient.newHttpClient();
  private TestMaster master;
  private SnapshotServer snapshots;
  private HttpServer http;
  private FileEntry file;
  private String name;
  private byte[] plain;

  @BeforeEach
  void start() throws Exception {
    master = new TestMaster(folder);
    TestCity berlin = master.city("berlin");
    for (int i = 0; i < 500; i++) {
      berlin.put(i, "a title with the number " + i * 7919L, i);
    }
    SnapshotPublisher publisher = master.open();
    publisher.publish(master.commit(berlin));
    snapshots =
        SnapshotServer.start(
            master.repository(),
            ServeOptions.DEFAULT,
            ServeLimits.DEFAULT,
            new SystemTime(),
            new Random(1));
    http =
        HttpServer.start(
            HttpOptions.at("127.0.0.1", 0),
            HttpSecurity.NONE,
            snapshots.routes(),
            new SystemTime(),
            "test");
    CityEntry entry = master.entry("berlin");
    file =
        master.repository().cityManifest(entry).files().stream()
            .max(Comparator.comparingLong(FileEntry::length))
            .orElseThrow();
    name = RepositoryLayout.fileName(entry.city(), entry.incarnation(), file.name());
    plain = Files.readAllBytes(master.root.resolve(name));
  }

  @AfterEach
  void stop() throws Exception {
    snapshots.close();
    http.close();
    master.close();
  }

  @Test
  void whoTakesZstdGetsAnotherRepresentationWithAnotherTag() throws Exception {
    HttpResponse<byte[]> small = get("Accept-Encoding", "gzip, zstd");
    HttpResponse<byte[]> whole = get("Accept-Encoding", "gzip");

    assertThat(small.headers().firstValue("Content-Encoding")).contains("zstd");
    assertThat(small.body()).hasSizeLessThan(plain.length);
    assertThat(Zstd.decompress(small.body(), plain.length)).isEqualTo(plain);
    assertThat(small.headers().firstValue("ETag")).contains("\"" + file.sha256() + "-zstd\"");
    assertThat(small.headers().firstValue("Vary")).contains("Accept-Encoding");
    assertThat(whole.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(whole.headers().firstValue("ETag")).contains("\"" + file.sha256() + "\"");
    assertThat(whole.headers().firstValue("Vary")).contains("Accept-Encoding");
    assertThat(whole.body()).isEqualTo(plain);
    assertThat(get("If-None-Match", "\"" + file.sha256() + "-zstd\"").statusCode()).isEqualTo(304);
  }

  @Test
  void aRangeIsOneOfTheFileAsItIs() throws Exception {
    HttpResponse<byte[]> tail =
        get(
            "Accept-Encoding", "zstd",
            "Range", "bytes=100-",
            "If-Range", "\"" + file.sha256() + "\"");
    assertThat(tail.statusCode()).isEqualTo(206);
    assertThat(tail.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(tail.headers().firstValue("ETag")).contains("\"" + file.sha256() + "\"");
    assertThat(tail.body()).isEqualTo(Arrays.copyOfRange(plain, 100, plain.length));
    // Whoever has half of the other representation can't go on with this one.
    HttpResponse<byte[]> mixed =
        get("Range", "bytes=100-", "If-Range", "\"" + file.sha256() + "-zstd\"");
    assertThat(mixed.statusCode()).isEqualTo(200);
    assertThat(mixed.body()).isEqualTo(plain);
  }

  @Test
  void aRemoteUnfoldsAndCountsWhatCame() throws Exception {
    for (boolean compresses : new boolean[] {true, false}) {
      RemoteOptions options =
          RemoteOptions.defaults().with(RemoteAccess.DEFAULT.compressing(compresses));
      try (RemoteRepository remote =
          RemoteRepository.open(http.uri().toString(), options, new SystemTime())) {
        try (RemoteBody body = remote.open(name, 0, file.sha256())) {
          assertThat(body.from()).isZero();
          assertThat(Digest.of(body.stream().readAllBytes())).isEqualTo(file.sha256());
        }
        if (compresses) {
          assertThat(remote.bytesReceived()).isBetween(1L, plain.length - 1L);
        } else {
          assertThat(remote.bytesReceived()).isEqualTo(plain.length);
        }
        try (RemoteBody body = remote.open(name, 10, file.sha256())) {
          assertThat(body.from()).isEqualTo(10);
          assertThat(body.stream().readAllBytes())
              .isEqualTo(Arrays.copyOfRange(plain, 10, plain.length));
        }
      }
    }
  }

  @Test
  void aFileIsCompressedOnceAndTheCacheIsBounded() throws Exception {
    ServedFile served = new ServedFile(master.root.resolve(name), file.length(), file.sha256());
    CompressedFiles files = new CompressedFiles(1 << 20, time);
    byte[] first = files.of(served).orElseThrow();
    assertThat(files.of(served)).containsSame(first);

    byte[] random = new byte[100_000];
    new Random(5).nextBytes(random);
    Path incompressible = Files.write(folder.resolve("random"), random);
    assertThat(files.of(new ServedFile(incompressible, random.length, Digest.of(random))))
        .isEmpty();
    assertThat(new CompressedFiles(0, time).of(served)).isEmpty();
  }

  @Test
  void aCloneOfMoreThanTheCacheHoldsThrowsNothingAwayThatTheNextCloneWants() throws Exception {
    ServedFile first = servedFile("first", 1);
    ServedFile second = servedFile("second", 2);
    CompressedFiles files = new CompressedFiles(SERVED_BYTES + 1_000, time);

    byte[] kept = files.of(first).orElseThrow();
    assertThat(files.of(second)).isEmpty();
    time.advance(Duration.ofSeconds(59));
    assertThat(files.of(first)).containsSame(kept);
    time.advance(Duration.ofSeconds(59));
    assertThat(files.of(second)).isEmpty();

    time.advance(Duration.ofSeconds(1));
    assertThat(files.of(second)).isPresent();
    assertThat(files.of(first)).isEmpty();
  }

  @Test
  void aFileThatHasRottedGoesAsItIs() throws Exception {
    Path other = Files.write(folder.resolve("other"), plain);

    assertThat(
            new CompressedFiles(1 << 20, time)
                .of(new ServedFile(other, plain.length, Digest.ofText("another content"))))
        .isEmpty();
  }

  private ServedFile servedFile(String name, int seed) throws IOException {
    byte[] bytes = new byte[SERVED_BYTES];
    // The half of it that is zero is what compression wins.
    byte[] random = new byte[SERVED_BYTES / 2];
    new Random(seed).nextBytes(random);
    System.arraycopy(random, 0, bytes, 0, random.length);
    return new ServedFile(Files.write(folder.resolve(name), bytes), SERVED_BYTES, Digest.of(bytes));
  }

  private HttpResponse<byte[]> get(String... headers) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(http.uri() + name)).headers(headers).build();
    return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }
}

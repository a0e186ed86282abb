package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import freshet.replicator.http.HttpAnswer;
import freshet.replicator.http.HttpOptions;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.http.Route;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.serve.ServeLimits;
import freshet.replicator.serve.ServeOptions;
import freshet.replicator.serve.SnapshotServer;
import freshet.replicator.snapshot.BundleHead;
import freshet.replicator.snapshot.BundleRequest;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SnapshotCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many small files in few answers, and what becomes of a pull whose bundles are no good. */
class BundledPullIT {
  private static final int CITIES = 60;

  @TempDir Path folder;
  private final AtomicInteger bundles = new AtomicInteger();
  private HandmadeMaster master;
  private SnapshotServer snapshots;
  private HttpServer http;

  /** What a server answers that is none of ours. */
  private enum Lie {
    NOTHING_OF_ALL(asked -> bundle(List.of())),
    WHAT_NOBODY_ASKED_FOR(asked -> bundle(List.of("../evil", "/tmp/evil", "LATEST"))),
    OTHER_CONTENT(asked -> bundle(asked)),
    ANOTHER_TYPE(asked -> HttpAnswer.text(200, "welcome")),
    NO_HEAD(asked -> parts("no JSON\n")),
    A_HEAD_WITHOUT_END(asked -> parts("x".repeat(2 << 20))),
    NOTHING_AT_ALL(asked -> parts("")),
    LESS_THAN_IT_SAYS(asked -> parts(head(asked.getFirst(), 100, false) + "short")),
    MORE_THAN_A_FILE_HAS(asked -> parts(head(asked.getFirst(), 1L << 40, false))),
    WHAT_UNFOLDS_TO_GIGABYTES(compressed(Zstd.compress(new byte[1 << 28]))),
    NO_FRAME(asked -> parts(head(asked.getFirst(), 5, true) + "short")),
    A_REFUSAL(asked -> HttpAnswer.error(400, "no", "don't")),
    AN_ERROR(asked -> HttpAnswer.error(404, "there is no /bundle", "paths here: LATEST"));

    private final Function<List<String>, HttpAnswer> answer;

    Lie(Function<List<String>, HttpAnswer> answer) {
      this.answer = answer;
    }

    /** Made before anybody waits for it: it takes longer than a client may. */
    private static Function<List<String>, HttpAnswer> compressed(byte[] frame) {
      return asked -> {
        HttpAnswer.Sized head =
            new HttpAnswer.Bytes(bytes(head(asked.getFirst(), frame.length, true)));
        return answer(head, new HttpAnswer.Bytes(frame));
      };
    }

    private static HttpAnswer bundle(List<String> names) {
      List<BundleHead.Member> members =
          names.stream().map(name -> new BundleHead.Member(name, 4, false)).toList();
      return parts(SnapshotCodec.writeText(new BundleHead(members)) + "\n" + "evil".repeat(9));
    }

    private static String head(String name, long length, boolean isZstd) {
      return SnapshotCodec.writeText(
              new BundleHead(List.of(new BundleHead.Member(name, length, isZstd))))
          + "\n";
    }

    private static HttpAnswer parts(String text) {
      return answer(new HttpAnswer.Bytes(bytes(text)));
    }

    private static HttpAnswer answer(HttpAnswer.Sized... parts) {
      return new HttpAnswer(
          200,
          Map.of("Content-Type", BundleHead.MEDIA_TYPE),
          new HttpAnswer.Parts(Arrays.asList(parts)));
    }

    private static byte[] bytes(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  @BeforeEach
  void publish() throws Exception {
    master = new HandmadeMaster(folder.resolve("master"));
    master.publish(
        20, IntStream.range(0, CITIES).mapToObj("city-%02d"::formatted).toArray(String[]::new));
    snapshots =
        SnapshotServer.start(
            new LocalRepository(new RepositoryLayout(master.root())),
            ServeOptions.DEFAULT,
            ServeLimits.DEFAULT,
            new SystemTime(),
            new Random(1));
  }

  @AfterEach
  void stop() throws Exception {
    http.close();
    snapshots.close();
  }

  @Test
  void aFirstPullOfManyCitiesIsAHandfulOfRequests() throws Exception {
    serve(Route::handler);
    try (Slave slave = slave()) {
      PullOutcome.Installed pulled = slave.pullsNew();

      assertThat(pulled.report().filesFetched()).isGreaterThanOrEqualTo(2 * CITIES);
      assertThat(pulled.report().requests()).isLessThan(10);
      assertThat(bundles).hasPositiveValue();
      slave.isWholeCopyOf(master);
    }
  }

  @Test
  void aFileThatIsGoneWhileItIsToBeSentIsAskedForAlone() throws Exception {
    serve(
        route ->
            request -> {
              HttpAnswer answer = route.handler().handle(request);
              List<HttpAnswer.Sized> parts =
                  ((HttpAnswer.Parts) answer.body())
                      .parts().stream().map(BundledPullIT::withoutItsFile).toList();
              return new HttpAnswer(
                  200, answer.headers(), new HttpAnswer.Parts(parts), answer.transfer());
            });
    try (Slave slave = slave()) {
      slave.pullsNew();
      assertThat(bundles).hasPositiveValue();
      slave.isWholeCopyOf(master);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whateverABundleIsThePullEndsWhole(Lie lie) throws Exception {
    serve(
        route ->
            request -> {
              byte[] body = request.body(BundleRequest.MAX_BYTES);
              return lie.answer.apply(
                  SnapshotCodec.read(body, BundleRequest.class, "the request").names());
            });
    try (Slave slave = slave()) {
      slave.pullsNew();
      assertThat(bundles).hasPositiveValue();
      slave.isWholeCopyOf(master);
    }
    assertThat(folder.resolve("evil")).doesNotExist();
  }

  @Test
  void aServerThatRefusesIsAskedOnce() throws Exception {
    serve(route -> request -> HttpAnswer.error(405, "POST /bundle", "use GET"));
    try (Slave slave = slave()) {
      slave.pullsNew();
      master.publish(5, "city-01", "city-02", "city-03");
      snapshots.latestChanged();
      slave.pullsNew();
      assertThat(bundles).hasValue(1);
      slave.isWholeCopyOf(master);
    }
  }

  private static HttpAnswer.Sized withoutItsFile(HttpAnswer.Sized body) {
    return body instanceof HttpAnswer.FilePart part
        ? new HttpAnswer.FilePart(part.file().resolveSibling("gone"), part.offset(), part.length())
        : body;
  }

  private Slave slave() {
    return new Slave(folder.resolve("store"), "http://127.0.0.1:" + http.port());
  }

  /** Serves with another handler of bundles, which are counted. */
  private void serve(Function<Route, Route.Handler> handler) throws Exception {
    List<Route> routes =
        snapshots.routes().stream()
            .map(
                route ->
                    route.path().text().equals("/" + BundleRequest.PATH)
                        ? counted(route.with(handler.apply(route)))
                        : route)
            .toList();
    http =
        HttpServer.start(
            HttpOptions.at("127.0.0.1", 0), HttpSecurity.NONE, routes, new SystemTime(), "test");
  }

  private Route counted(Route route) {
    return route.with(
        request -> {
          bundles.incrementAndGet();
          return route.handler().handle(request);
        });
  }
}

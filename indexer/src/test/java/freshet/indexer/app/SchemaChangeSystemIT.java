package freshet.indexer.app;

import static freshet.indexer.app.ListingMaster.PRICE;
import static freshet.indexer.app.ListingMaster.TITLE;
import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.replicator.command.DaemonFile;
import freshet.replicator.files.Digest;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Advertisement;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A master and a slave at work, while the fields change and everything is rebuilt. */
@Timeout(240)
class SchemaChangeSystemIT {
  private static final Time TIME = new SystemTime();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Far more than a cycle takes, far less than an age that grows while a rebuild runs. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path folder;

  private final List<Process> processes = new ArrayList<>();
  private final AtomicBoolean isDone = new AtomicBoolean();
  private final AtomicLong lastId = new AtomicLong();

  @AfterEach
  void end() throws Exception {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void everythingStaysFreshWhileTheFieldsChange() throws Exception {
    ListingMaster listings = new ListingMaster(database, folder);
    listings.createTables();
    for (int i = 0; i < 500; i++) {
      listings.insert(lastId.incrementAndGet());
    }
    listings.configure(TITLE, "");
    Files.writeString(
        folder.resolve("replicator.yaml"),
        """
        remote: {url: "%s"}
        store: {folder: slave}
        schedule: {pull: "* * * * * ?"}
        server: {listen: "127.0.0.1:0"}
        """
            .formatted(folder.resolve("data/repository")));
    start("freshet.indexer.app.IndexerMain", listings.file());
    await(() -> Files.exists(folder.resolve("data/repository/LATEST")));
    start("freshet.replicator.app.ReplicatorMain", folder.resolve("replicator.yaml"));
    await(() -> found("") >= 500);
    Digest before = listings.snapshot().manifest().schema();
    List<String> problems = new ArrayList<>();
    Thread writer = Thread.ofVirtual().start(() -> write(listings, problems));

    listings.configure(TITLE + ", " + PRICE, "");
    ListingMaster.Run rebuilt = listings.indexer("rebuild", "--all", "--plain");
    isDone.set(true);
    writer.join();

    assertThat(rebuilt.exitCode()).as(rebuilt.err()).isZero();
    assertThat(problems).isEmpty();
    assertThat(listings.snapshot().manifest().schema()).isNotEqualTo(before);
    await(() -> listings.published().equals(listings.table()));
    int rows = listings.table().size();
    // The slave refuses a field that its snapshot does not have.
    await(() -> found("&filter=price:%5B0%20TO%201000000%5D") == rows);
    assertThat(found("")).isEqualTo(rows);
    assertThat(processes).allMatch(Process::isAlive);
  }

  /** Changes the table all the time, and looks how old what is published is. */
  private void write(ListingMaster listings, List<String> problems) {
    try {
      while (!isDone.get()) {
        long id = lastId.incrementAndGet();
        listings.insert(id);
        listings.delete(id - 400);
        listings.sql("UPDATE listing SET city = 'moved' WHERE id = " + (id - 100));
        Advertisement latest = listings.repository().latest().orElseThrow();
        Instant through = latest.readThrough();
        if (through != null && Duration.between(through, TIME.now()).compareTo(LIMIT) > 0) {
          problems.add("complete through " + through + " only at " + TIME.now());
        }
        TIME.sleep(Duration.ofMillis(20));
      }
    } catch (SQLException | IOException | InterruptedException | RuntimeException e) {
      problems.add(e.toString());
    }
  }

  private void start(String main, Path config) throws IOException {
    processes.add(
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dfreshet.home=" + System.getProperty("freshet.home", ".."),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main,
                "run",
                "--config",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(main).toFile())
            .start());
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private void await(Condition condition) throws Exception {
    long start = TIME.nanoTime();
    while (!condition.holds()) {
      assertThat(processes).allMatch(Process::isAlive);
      assertThat(TIME.since(start)).isLessThan(PATIENCE);
      TIME.sleep(Duration.ofMillis(100));
    }
  }

  /** How many documents the slave finds; -1 if it does not answer. */
  private long found(String filter) throws IOException, InterruptedException {
    var slave = new DaemonFile(folder.resolve("slave")).read();
    if (slave.isEmpty()) {
      return -1;
    }
    URI url = slave.get().url().resolve("/search?q=&city=*" + filter);
    try (HttpClient client = HttpClient.newHttpClient()) {
      String body =
          client
              .send(
                  HttpRequest.newBuilder(url).timeout(PATIENCE).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      var total = freshet.replicator.command.Json.parse(body).path("total");
      return total.isObject() ? total.path("value").asLong(-1) : total.asLong(-1);
    }
  }
}

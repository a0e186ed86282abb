package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import freshet.indexer.app.Nodes.Run;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.embedded.Signals;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What docs/operations.md says to do is done, word for word, and comes out as it says. */
@Timeout(300)
class RunbookSystemIT {
  private static final String MASTER = "freshet-indexer";
  private static final String SLAVE = "freshet-replicator";

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path folder;

  private final List<RunbookHost> hosts = new ArrayList<>();
  private RunbookHost host;

  @BeforeEach
  void install() throws Exception {
    Distribution.createTable(database);
    host = installed("host");
  }

  private RunbookHost installed(String name) throws Exception {
    RunbookHost installed = RunbookHost.install(folder.resolve(name), database);
    hosts.add(installed);
    return installed;
  }

  @AfterEach
  void end() throws Exception {
    for (RunbookHost one : hosts) {
      one.nodes().killAll();
    }
  }

  @Test
  void upgrading() throws Exception {
    host.start(MASTER);
    awaitDocuments(host, "boston", 1);
    host.start(SLAVE);
    host.nodes()
        .await("the slave serves", () -> host.done("bin/replicator status").contains("generation"));
    Path old = Files.createFile(host.freshet().root().resolve("lib/lucene-core-0.jar"));
    List<String> configuration = host.freshet().lines("indexer.yaml");

    assertThat(host.follow("Upgrading", 0)).contains("generation");
    assertThat(old).doesNotExist();
    assertThat(host.follow("Upgrading", 1)).contains("generation");
    assertThat(host.freshet().lines("indexer.yaml")).isEqualTo(configuration);
    assertThat(host.done("bin/replicator search boston sunny")).contains("sunny flat");

    String incarnation = entry(host, "boston").incarnation().toString();
    host.follow("Upgrading", 2);
    assertThat(entry(host, "boston").incarnation().toString()).isNotEqualTo(incarnation);
  }

  @Test
  void anotherMaster() throws Exception {
    host.done("bin/indexer build");
    host.done("bin/replicator pull");
    insert(4713, "boston");
    host.follow("Another master", 0);

    RunbookHost other = installed("other");
    Files.copy(
        host.freshet().data().resolve("newest.tar.zst"),
        other.freshet().data().resolve("newest.tar.zst"));
    assertThat(other.follow("Another master", 1)).contains("generation");
    awaitDocuments(other, "boston", 2);
    URI master = other.nodes().addressOf(other.freshet().data().resolve("index"));
    assertThat(host.done("FRESHET_MASTER_URL=%s bin/replicator pull".formatted(master)))
        .contains("installed snapshot 2-");
  }

  @Test
  void backupAndRestore() throws Exception {
    host.start(MASTER);
    awaitDocuments(host, "boston", 1);
    host.follow("Backup and restore", 0);
    insert(4713, "boston");
    awaitDocuments(host, "boston", 2);
    host.nodes().kill(MASTER);
    DurableFiles.deleteTree(host.freshet().data());
    Files.createDirectory(host.freshet().data());

    assertThat(host.follow("Backup and restore", 1)).contains("generation");
    awaitDocuments(host, "boston", 2);
    assertThat(snapshot(host).generation().epoch()).isEqualTo(2);
  }

  @Test
  void cities() throws Exception {
    host.start(MASTER);
    awaitDocuments(host, "sfbay", 1);
    assertThat(host.follow("Cities", 0)).contains("4711");

    List<String> renaming = host.lines("Cities", 1);
    Run asked = host.run(renaming.getFirst());
    assertThat(asked.exitCode()).as(asked.err()).isEqualTo(1);
    Distribution.sql(
        database,
        asked.out().lines().filter(line -> line.startsWith("UPDATE")).findFirst().orElseThrow());
    host.done(renaming.getLast());
    assertThat(snapshot(host).city(new City("sfbay"))).isEmpty();
    awaitDocuments(host, "San Francisco", 1);

    insert(4713, "sfbay");
    awaitDocuments(host, "sfbay", 1);
    Distribution.sql(
        database,
        "DELETE FROM listing WHERE id = 4713",
        "INSERT INTO listing_deleted (id) VALUES (4713)");
    host.follow("Cities", 2);
    assertThat(snapshot(host).city(new City("sfbay"))).isEmpty();
    host.follow("Cities", 3);
  }

  @Test
  void disksAndLogs() throws Exception {
    assumeFalse(Signals.isIgnored("HUP"));
    host.start(MASTER);
    awaitDocuments(host, "boston", 1);
    String generation = snapshot(host).generation().toString();
    host.replaced().put("3-0000000421", generation);
    host.done("bin/replicator snapshots pin " + generation);
    host.follow("When a disk grows", 0);

    host.follow("Logs", 0);
    Path log = host.folder().resolve("log/freshet-indexer/freshet.log");
    host.nodes()
        .await(
            "the log is opened anew",
            () -> Files.exists(log) && Files.readString(log).contains("opened anew"));
  }

  private void insert(long id, String city) throws Exception {
    Distribution.sql(
        database,
        "INSERT INTO listing (id, city, title) VALUES (%d, '%s', 'new')".formatted(id, city));
  }

  private static void awaitDocuments(RunbookHost host, String city, long documents)
      throws Exception {
    host.nodes()
        .await(
            "%d documents of %s are published".formatted(documents, city),
            () ->
                repository(host)
                    .latestSnapshot()
                    .flatMap(snapshot -> snapshot.city(new City(city)))
                    .filter(entry -> entry.documents() == documents)
                    .isPresent());
  }

  private static CityEntry entry(RunbookHost host, String city) throws Exception {
    return snapshot(host).city(new City(city)).orElseThrow();
  }

  private static Snapshot snapshot(RunbookHost host) throws Exception {
    return repository(host).latestSnapshot().orElseThrow();
  }

  private static LocalRepository repository(RunbookHost host) {
    return new LocalRepository(new RepositoryLayout(host.freshet().data().resolve("repository")));
  }
}

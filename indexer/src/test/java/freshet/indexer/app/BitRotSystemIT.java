package freshet.indexer.app;

import static freshet.indexer.app.ListingMaster.PRICE;
import static freshet.indexer.app.ListingMaster.TITLE;
import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.app.Nodes.Run;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** History 38: disks lose bits under a master and a slave that run. */
@Timeout(300)
class BitRotSystemIT {
  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path folder;

  private Nodes nodes;
  private ListingMaster listings;

  @AfterEach
  void end() throws Exception {
    nodes.killAll();
  }

  @Test
  void whatRotsIsFoundAndHealedFromTheOtherSideWhileBothRun() throws Exception {
    nodes = new Nodes(folder);
    listings = new ListingMaster(database, folder);
    listings.createTables();
    for (int id = 1; id <= 200; id++) {
      listings.insert(id);
    }
    listings.configure(TITLE + ", " + PRICE, "");
    URI master = nodes.startMaster(listings);
    nodes.startSlave("slave", "url: \"%s\"".formatted(master));
    awaitEqual();

    rotAndHeal(nodes.store("slave"), master);
    rotAndHeal(listings.repository(), nodes.addressOf(folder.resolve("slave")));

    nodes.await(
        "the slave opens anew what was healed",
        () -> !Files.exists(nodes.store("slave").layout().control().resolve("healed")));
    listings.insert(201);
    listings.delete(1);
    awaitEqual();
    nodes.kill("slave");
    CityEntry city =
        listings.snapshot().cities().values().stream()
            .max(Comparator.comparingLong(CityEntry::commit))
            .orElseThrow();
    String segments = listings.repository().cityManifest(city).segmentsFile();
    String rotten = RepositoryLayout.fileName(city.city(), city.incarnation(), segments);
    flip(nodes.store("slave").layout().resolve(rotten));
    nodes.startSlave("slave", "url: \"%s\"".formatted(master));
    nodes.await("it heals what it can't open", () -> nodes.found("slave") == 200);
    assertThat(nodes.log("slave")).contains(rotten + " has rotted on this disk");
    awaitEqual();
    assertThat(verify(listings.repository()).exitCode()).isZero();
    assertThat(verify(nodes.store("slave")).exitCode()).isZero();
  }

  /** An index file, its city's manifest, the schema and the snapshot's manifest at once. */
  private void rotAndHeal(LocalRepository repository, URI healthy) throws Exception {
    Snapshot snapshot = repository.latestSnapshot().orElseThrow();
    CityEntry city = snapshot.cities().firstEntry().getValue();
    FileEntry file =
        repository.cityManifest(city).files().stream()
            .max(Comparator.comparingLong(FileEntry::length))
            .orElseThrow();
    List<String> names =
        List.of(
            RepositoryLayout.fileName(city.city(), city.incarnation(), file.name()),
            RepositoryLayout.cityManifestName(city),
            RepositoryLayout.schemaName(snapshot.manifest().schema()),
            RepositoryLayout.snapshotName(snapshot.generation()));
    for (String name : names) {
      flip(repository.layout().resolve(name));
    }
    Run found = verify(repository);
    assertThat(found.exitCode()).as(found.out() + found.err()).isEqualTo(1);
    assertThat(found.out()).contains(names.getLast());
    Run healed = verify(repository, "--heal-from", healthy.toString());
    assertThat(healed.exitCode()).as(healed.out() + healed.err()).isZero();
    assertThat(healed.out()).contains(names.getFirst(), names.getLast());
  }

  private Run verify(LocalRepository repository, String... more) throws Exception {
    String[] arguments = new String[more.length + 4];
    arguments[0] = "snapshots";
    arguments[1] = "verify";
    arguments[2] = "--repository";
    arguments[3] = repository.layout().root().toString();
    System.arraycopy(more, 0, arguments, 4, more.length);
    return nodes.replicator(arguments);
  }

  /** In place, as a disk does it: whoever has the file open or linked has it too. */
  private static void flip(Path file) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(bytes.length() / 2);
      int one = bytes.read();
      bytes.seek(bytes.length() / 2);
      bytes.write(one ^ 4);
    }
  }

  private void awaitEqual() throws Exception {
    nodes.await(
        "the slave has what the table has", () -> nodes.contents("slave").equals(listings.table()));
  }
}

package freshet.indexer.app;

import static freshet.indexer.app.ListingMaster.PRICE;
import static freshet.indexer.app.ListingMaster.TITLE;
import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.app.Nodes.Run;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Generation;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What people ask of a running master, from the command line to what its slave serves. */
@Timeout(300)
class SnapshotOrdersSystemIT {
  private static final int ROWS = 50;

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path folder;

  private Nodes nodes;
  private ListingMaster listings;
  private long lastId;

  @BeforeEach
  void aMasterWithThreeCitiesAndASlave() throws Exception {
    nodes = new Nodes(folder);
    listings = new ListingMaster(database, folder);
    listings.createTables();
    for (String city : new String[] {"austin", "boston", "chicago"}) {
      insert(city, ROWS);
    }
    listings.configure(
        TITLE + ", " + PRICE,
        "",
        """
        server: {listen: "127.0.0.1:0"}
        gate: {max_drop_documents: 5}
        repository: {keep_generations: 2, keep_for: 0s, keep_hourly: 0s, keep_daily: 0s, full_manifest_every: 1}
        """);
    nodes.startSlave("slave", "url: \"%s\"".formatted(nodes.startMaster(listings)));
    awaitEqual();
  }

  @AfterEach
  void end() throws Exception {
    nodes.killAll();
  }

  @Test
  void aBadPublicationIsHeldUntilSomebodyApprovesOrRejectsIt() throws Exception {
    deleteMost("boston");
    insert("chicago", 1);
    awaitServed("chicago", ROWS + 1);
    deleteMost("austin");
    nodes.await("two are held", () -> held().contains("austin") && held().contains("boston"));
    assertThat(held()).contains("held: boston since ").doesNotContain("held: chicago");
    insert("chicago", 1);
    awaitServed("chicago", ROWS + 2);
    assertThat(servedOf("boston")).isEqualTo(ROWS);
    assertThat(servedOf("austin")).isEqualTo(ROWS);
    assertThat(listings.indexer("status").out()).contains("boston");

    expectDone("approve", "--city", "boston", "--reason", "spam was deleted");
    awaitServed("boston", ROWS / 5);
    expectDone("reject", "--city", "austin", "--reason", "a bad import");
    insert("austin", ROWS);
    insert("chicago", 1);
    awaitServed("chicago", ROWS + 3);
    assertThat(servedOf("austin")).as("rejected, though no longer short").isEqualTo(ROWS);
    expectDone("snapshots", "resume", "--keep", "--city", "austin");
    awaitEqual();
    assertThat(held()).doesNotContain("held:");
  }

  @Test
  void slavesFollowBackAndForth() throws Exception {
    Map<String, String> before = new TreeMap<>(listings.table());
    Generation good = listings.snapshot().generation();
    expectDone("snapshots", "pin", good.toString());
    listings.sql("UPDATE listing SET title = CONCAT('bad ', title) WHERE city <> 'chicago'");
    for (int i = 0; i < 4; i++) {
      insert("chicago", 1);
      awaitEqual();
    }
    assertThat(listings.repository().generations()).contains(good);

    for (String how : new String[] {"--keep", "--replay"}) {
      Generation newest = listings.snapshot().generation();
      expectDone("snapshots", "rollback", good.toString(), "--reason", "bad titles");
      nodes.await("the slave goes back", () -> nodes.contents("slave").equals(before));
      // Its store is there before what is searched.
      nodes.await(
          "the slave switches",
          () ->
              nodes.served("slave").orElseThrow().compareTo(newest) > 0
                  && nodes.found("slave") == before.size());
      insert("boston", 3);
      listings.sql("UPDATE listing SET title = CONCAT('more ', title) WHERE id % 7 = 0");
      awaitCycles(2);
      assertThat(nodes.contents("slave")).isEqualTo(before);
      expectDone("snapshots", "resume", how);
      awaitEqual();
    }

    expectDone("snapshots", "unpin", good.toString());
    insert("austin", 1);
    awaitEqual();
    insert("austin", 1);
    awaitEqual();
    assertThat(listings.repository().generations()).doesNotContain(good);
  }

  private void insert(String city, int rows) throws SQLException {
    StringBuilder values = new StringBuilder();
    for (int i = 0; i < rows; i++) {
      long id = ++lastId;
      values
          .append(values.isEmpty() ? "" : ",")
          .append("(%d, '%s', 'flat %d', %d)".formatted(id, city, id, id));
    }
    listings.sql("INSERT INTO listing (id, city, title, price) VALUES " + values);
  }

  /** Four fifths of a city's rows, with their tombstones. */
  private void deleteMost(String city) throws SQLException {
    String most = " FROM listing WHERE id % 5 <> 0 AND city = '" + city + "'";
    listings.sql("INSERT INTO listing_deleted (id) SELECT id" + most, "DELETE" + most);
  }

  private void expectDone(String... verb) throws Exception {
    String[] arguments = new String[verb.length + 2];
    System.arraycopy(verb, 0, arguments, 0, verb.length);
    arguments[verb.length] = "--repository";
    arguments[verb.length + 1] = listings.repository().layout().root().toString();
    Run run = nodes.replicator(arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  private String held() throws Exception {
    return nodes
        .replicator(
            "snapshots", "list", "--repository", listings.repository().layout().root().toString())
        .out()
        .lines()
        .filter(line -> line.startsWith("held:"))
        .reduce("", (all, line) -> all + line + "\n");
  }

  private void awaitServed(String city, long documents) throws Exception {
    nodes.await(
        "the slave has %d of %s".formatted(documents, city), () -> servedOf(city) == documents);
  }

  private long servedOf(String city) throws IOException {
    return nodes
        .store("slave")
        .latestSnapshot()
        .flatMap(snapshot -> snapshot.city(new City(city)))
        .map(CityEntry::documents)
        .orElse(0L);
  }

  /** Every cycle says anew how fresh it is. */
  private void awaitCycles(int cycles) throws Exception {
    for (int i = 0; i < cycles; i++) {
      Instant last = listings.repository().latest().orElseThrow().advertisedAt();
      nodes.await(
          "a cycle",
          () -> listings.repository().latest().orElseThrow().advertisedAt().isAfter(last));
    }
  }

  private void awaitEqual() throws Exception {
    nodes.await(
        "the slave has what the table has",
        () ->
            nodes.contents("slave").equals(listings.table())
                && nodes.found("slave") == listings.table().size());
  }
}

package freshet.indexer.app;

import static freshet.indexer.app.ListingMaster.PRICE;
import static freshet.indexer.app.ListingMaster.TITLE;
import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.replicator.remote.RsyncDaemon;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Generation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Slaves by every way to a repository, while it changes and merges. */
@Timeout(300)
class RemotesSystemIT {
  private static final List<String> SLAVES = List.of("direct", "chained", "mounted", "mirror");
  private static final int ROUNDS = 12;
  private static final int ROWS = 40;
  private static final String CANARY_VERSION =
      "SELECT DATE_FORMAT(updated_at, '%Y-%m-%dT%H:%i:%s.%fZ') FROM listing WHERE id = 0";

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path folder;

  private Nodes nodes;
  private ListingMaster listings;
  private @Nullable String schedulerBefore;
  private Instant canaryInserted = Instant.MAX;

  @AfterEach
  void end() throws Exception {
    nodes.killAll();
    if (schedulerBefore != null) {
      listings.sql("SET GLOBAL event_scheduler = " + schedulerBefore);
    }
  }

  @Test
  void slavesByHttpFolderRsyncAndAnotherSlaveFollowIncrementsAndMerges() throws Exception {
    RsyncDaemon.requireRsync();
    nodes = new Nodes(folder);
    listings = new ListingMaster(database, folder);
    listings.createTables();
    for (int id = 1; id <= ROWS; id++) {
      listings.insert(id);
    }
    createCanary();
    listings.configure(
        TITLE + ", " + PRICE,
        "",
        """
        server: {listen: "127.0.0.1:0"}
        merge: {segments_per_tier: 2, floor: 1KB}
        """);
    URI master = nodes.startMaster(listings);
    Path repository = listings.repository().layout().root();
    try (RsyncDaemon rsync = RsyncDaemon.start(repository, folder.resolve("rsync"), "")) {
      nodes.startSlave("direct", "url: \"%s\"".formatted(master), "freshness: {canary: {id: 0}}");
      nodes.startSlave("mounted", "url: \"%s\"".formatted(repository.toUri()));
      nodes.startSlave("mirror", "url: \"%s\"".formatted(rsync.url()));
      nodes.startSlave(
          "chained", "url: \"%s\"".formatted(nodes.addressOf(folder.resolve("direct"))));
      awaitAllEqual();

      boolean hasMerged = false;
      for (int round = 1; round <= ROUNDS || !hasMerged; round++) {
        Generation before = listings.snapshot().generation();
        for (int id = 1; id <= ROWS / 4; id++) {
          listings.insert(round * 1000L + id);
        }
        listings.delete(round);
        listings.sql(
            "UPDATE listing SET city = 'city%d' WHERE id %% 9 = %d"
                .formatted(round % 5, round % 9));
        nodes.await(
            "round " + round + " is published",
            () -> listings.snapshot().generation().isAfter(before));
        hasMerged |= isMerged();
      }

      awaitAllEqual();
      nodes.await(
          "the canary is found as the database's event wrote it, and the master hears of it",
          () ->
              isWrittenByEvent(nodes.status("direct").at("/canary/written").asText())
                  && listings.indexer("status").out().contains("; canary: document 0, written "));
      nodes.await(
          "each reports to the one that it pulls from",
          () ->
              listings.indexer("status").out().contains("slave direct serves")
                  && nodes.ask("direct", "slaves").body().contains("\"chained\""));
    }
  }

  private void awaitAllEqual() throws Exception {
    for (String slave : SLAVES) {
      nodes.await(
          slave + " has what the table has",
          () ->
              nodes.contents(slave).equals(listings.table())
                  && nodes.found(slave) == listings.table().size());
    }
  }

  /** The row and the event of docs/alerts.md. */
  private void createCanary() throws Exception {
    Path docs = Path.of(System.getProperty("freshet.home", "..")).resolve("docs/alerts.md");
    Matcher sql = Pattern.compile("(?ms)^```sql\n(.*?)^```$").matcher(Files.readString(docs));
    assertThat(sql.find()).isTrue();
    schedulerBefore = valueOf("SELECT @@GLOBAL.event_scheduler");
    listings.sql("SET GLOBAL event_scheduler = ON");
    listings.sql(sql.group(1).split(";\\s*"));
    canaryInserted = Instant.parse(valueOf(CANARY_VERSION));
  }

  /** Whether that is a version of the canary's row that is not the first. */
  private boolean isWrittenByEvent(String written) {
    return !written.isEmpty() && Instant.parse(written).isAfter(canaryInserted);
  }

  private String valueOf(String query) throws SQLException {
    try (Connection connection = database.source();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  /** Whether a segment is published that was merged: its recipe comes with it. */
  private boolean isMerged() throws IOException {
    for (CityEntry entry : listings.snapshot().cities().values()) {
      if (!listings.repository().cityManifest(entry).recipes().isEmpty()) {
        return true;
      }
    }
    return false;
  }
}

package freshet.indexer.scan;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.embedded.ServerOptions;
import freshet.indexer.embedded.TestFlavor;
import freshet.indexer.source.Limits;
import freshet.indexer.source.Listings;
import freshet.indexer.table.Row;
import freshet.replicator.runtime.SystemTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rows that no packet holds, and pages that no memory should. */
@Timeout(90)
class ScanLargeRowsIT {
  private static final int MEGA = 1 << 20;

  private static DatabaseServer server;
  private static Listings listings;

  @BeforeAll
  static void startServer() throws Exception {
    server =
        TestFlavor.chosen()
            .start(
                ServerOptions.temporary(1)
                    .withConfiguration("max_allowed_packet=16M", "innodb_log_file_size=256M"),
                new SystemTime());
    try (Connection root = server.connectAsRoot()) {
      Listings.execute(root, "CREATE DATABASE shop");
    }
    try (Connection root = connect()) {
      listings = Listings.create(root, "shop", 6);
      for (int id = 1; id <= 60; id++) {
        Listings.execute(
            root,
            "INSERT INTO listing (id, city, title, updated_at) VALUES (%d, 'c', REPEAT('é', %d), UTC_TIMESTAMP(6))"
                .formatted(id, id % 20 == 0 ? 150_000 * id / 20 : 5));
      }
      Listings.execute(
          root,
          "UPDATE listing SET title = REPEAT('x', 5 * %d) WHERE id = 33".formatted(MEGA),
          "SET GLOBAL max_allowed_packet = " + MEGA / 2);
    }
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static Connection connect() throws SQLException {
    return server.connect(server.rootUser(), server.rootPassword(), "shop");
  }

  @Test
  void rowsThatNoPacketHoldsAreReadInPiecesOrSetAside() throws Exception {
    listings.limits = new Limits(25, 50_000, 64L << 20, 4 * MEGA, 1_000);
    Scans.Rows rows = new Scans.Rows();
    try (SqlTableScan scan =
        Scans.of(listings, listings.options(List.of(Listings.endpoint(server))), Listings.SCHEMA)) {
      scan.read(KeyRange.ALL, rows);
    }
    assertThat(rows.all).hasSize(60);
    assertThat(rows.titles().stream().map(title -> ((String) title).length()).toList())
        .hasSize(59)
        .contains(150_000, 300_000, 450_000);
    assertThat(rows.all.get(32)).isInstanceOf(Row.Unfit.class);
    assertThat(listings.setAside.reasons()).singleElement().asString().startsWith("33: it has 5,2");
  }
}

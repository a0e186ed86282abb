package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.IndexDirectories;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.merge.MergeOptions;
import freshet.indexer.source.Listings;
import freshet.indexer.source.MySqlSource;
import freshet.indexer.source.SourceOptions;
import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.KeysSql;
import freshet.indexer.table.SideTable;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.VersionColumn;
import freshet.indexer.table.VersionColumn.DateTime;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.KeyType;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Documents that are joins, from a real server to the snapshot. */
@Timeout(60)
class JoinedCycleIT {
  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path root;

  private MySqlSource source(Listings listings) {
    SourceOptions base = listings.options(List.of(Listings.endpoint(database.pair().source())));
    TableSpec table =
        new TableSpec(
            "listing",
            base.table().key(),
            base.table().version(),
            "city",
            List.of(FieldColumns.of("title", "title"), FieldColumns.of("more", "seller")),
            null,
            KeysSql.parse(
                "SELECT l.id, l.updated_at, l.city, CONCAT(l.title, ' of ', s.name) AS title,"
                    + " s.name AS seller FROM listing l JOIN seller s ON s.id = l.price"
                    + " WHERE l.id IN (:keys)"),
            List.of(
                new SideTable(
                    "seller",
                    "seller",
                    List.of(new KeyColumn("id", KeyType.BIGINT)),
                    new VersionColumn("changed", new DateTime(6)),
                    KeysSql.parse("SELECT id FROM listing WHERE price IN (:keys)"))));
    return listings.source(
        new SourceOptions(
            base.session(), base.limits(), base.overlap(), base.checks(), table, base.tombstones()),
        Listings.TEXTS);
  }

  @Test
  void history15aChangeOfAJoinedRowAloneIsPublishedByTheNextCycle() throws Exception {
    Listings listings = Listings.create(database, 6);
    MySqlSource source = source(listings);
    try (Connection writer = database.source();
        source;
        Master master =
            Master.start(
                root,
                source,
                IndexDirectories.FILES,
                new SystemTime(),
                Listings.TEXTS,
                new BuildOptions(1, 2, 16, false, MergeOptions.DEFAULT))) {
      Listings.execute(
          writer,
          "CREATE TABLE seller (id INT NOT NULL PRIMARY KEY, name VARCHAR(99), changed DATETIME(6)"
              + " NOT NULL, KEY by_version (changed, id))",
          "GRANT SELECT ON %s.* TO 'freshet'@'127.0.0.1'".formatted(database.schema()),
          "INSERT INTO seller VALUES (7, 'Ann', UTC_TIMESTAMP(6)), (8, 'Bob', UTC_TIMESTAMP(6))",
          "INSERT INTO listing (id, city, title, price, updated_at) VALUES"
              + " (1, 'x', 'sofa', 7, UTC_TIMESTAMP(6)), (2, 'y', 'lamp', 7, UTC_TIMESTAMP(6)),"
              + " (3, 'x', 'desk', 8, UTC_TIMESTAMP(6))");
      master.settle();
      assertThat(titles(master)).containsExactly("sofa of Ann", "lamp of Ann", "desk of Bob");

      Listings.execute(
          writer, "UPDATE seller SET name = 'Anne', changed = UTC_TIMESTAMP(6) WHERE id = 7");
      assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Published.class);
      assertThat(titles(master)).containsExactly("sofa of Anne", "lamp of Anne", "desk of Bob");
      master.settle();
      assertThat(titles(master)).containsExactly("sofa of Anne", "lamp of Anne", "desk of Bob");
      master.checkIndexes();
    }
  }

  private static List<String> titles(Master master) throws Exception {
    return master.published().values().stream().map(rows -> rows.getFirst().title()).toList();
  }
}

package freshet.indexer.scan;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.source.KeyTable;
import freshet.indexer.source.KeyTable.Keys;
import freshet.indexer.source.Limits;
import freshet.indexer.source.Listings;
import freshet.indexer.source.SourceOptions;
import freshet.replicator.snapshot.DocumentKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys of every type and collation, split and read: none is lost, doubled or out of order. */
@Timeout(60)
class ScanKeysIT {
  private static final int ROWS = 900;

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private Listings listings;
  private Connection writer;

  @BeforeEach
  void start() throws Exception {
    listings = Listings.create(database, 6);
    writer = database.source();
    Listings.execute(
        writer, "GRANT SELECT ON %s.* TO 'freshet'@'127.0.0.1'".formatted(database.schema()));
  }

  @AfterEach
  void end() throws SQLException {
    writer.close();
  }

  private SqlTableScan scan(Keys keys) {
    SourceOptions base = listings.options(List.of(Listings.endpoint(database.pair().source())));
    Limits limits = new Limits(7, 20, 1 << 20);
    return Scans.of(
        listings,
        new SourceOptions(
            base.session(), limits, base.overlap(), base.checks(), keys.table(), null),
        keys.schema());
  }

  @ParameterizedTest
  @EnumSource
  void rangesAreTheTableInTheDatabasesOrder(Keys keys) throws Exception {
    KeyTable.create(writer, keys);
    KeyTable.insertRandomRows(writer, keys, ROWS, 50);
    Listings.execute(writer, "ANALYZE TABLE t");
    Scans.Rows rows = new Scans.Rows();
    try (SqlTableScan scan = scan(keys)) {
      List<KeyRange> ranges = scan.split(5);

      assertThat(ranges).hasSizeBetween(2, 5);
      assertThat(ranges.getFirst().after()).isEqualTo(DocumentKey.EMPTY);
      assertThat(ranges.getLast().upTo()).isEqualTo(DocumentKey.EMPTY);
      int before = 0;
      for (KeyRange range : ranges) {
        scan.read(range, rows);
        assertThat(rows.all.size() - before).isPositive();
        before = rows.all.size();
      }
    }
    assertThat(rows.titles()).isEqualTo(KeyTable.titlesInOrder(writer, keys.names()));
  }

  @ParameterizedTest
  @EnumSource
  void aTableOfFewRowsHasFewRanges(Keys keys) throws Exception {
    KeyTable.create(writer, keys);
    for (int rows : new int[] {0, 1, 2}) {
      Listings.execute(writer, "DELETE FROM t");
      KeyTable.insertRandomRows(writer, keys, rows, 1);
      Scans.Rows read = new Scans.Rows();
      try (SqlTableScan scan = scan(keys)) {
        for (KeyRange range : scan.split(4)) {
          scan.read(range, read);
        }
      }
      assertThat(read.titles()).isEqualTo(KeyTable.titlesInOrder(writer, keys.names()));
    }
  }
}

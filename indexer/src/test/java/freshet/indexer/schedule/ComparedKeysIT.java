package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.IndexDirectories;
import freshet.indexer.build.IndexedDocuments;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.merge.MergeOptions;
import freshet.indexer.source.CheckOptions;
import freshet.indexer.source.Finding;
import freshet.indexer.source.Limits;
import freshet.indexer.source.Listings;
import freshet.indexer.source.MySqlSource;
import freshet.indexer.source.SourceOptions;
import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.VersionColumn;
import freshet.indexer.table.VersionColumn.DateTime;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyCodec;
import freshet.replicator.snapshot.KeyType;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that a real server orders in its way, and the routing table in that of their bytes. */
@Timeout(60)
class ComparedKeysIT {
  private static final List<KeyType> KEY = List.of(KeyType.STRING, KeyType.BIGINT);
  private static final int PAGE = 3;

  /** Prefixes of one another, upper and lower case, negative numbers, all planes of Unicode. */
  private static final List<String> SITES =
      List.of("a", "ab", "a b", "Zz", "z", "É", "eb", "ß", "中", "中文", "￥", "🏠", "0", "-");

  private static final List<Long> NUMBERS = List.of(Long.MIN_VALUE, -1L, 0L, 7L, Long.MAX_VALUE);

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path root;

  /** The second collation takes neither the order of bytes nor that of code points. */
  @ParameterizedTest
  @ValueSource(strings = {"utf8mb4_bin", "utf8mb4_unicode_ci"})
  void theDiffFindsTheGhostAndTheMissingOneAndNothingElse(String collation) throws Exception {
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
                schema(),
                new BuildOptions(1, 2, 16, false, MergeOptions.DEFAULT))) {
      Listings.execute(
          writer,
          "CREATE TABLE t (site VARCHAR(9) CHARACTER SET utf8mb4 COLLATE %s NOT NULL, n BIGINT NOT NULL, city VARCHAR(9), title VARCHAR(9), v DATETIME(6) NOT NULL, PRIMARY KEY (site, n), KEY by_version (v, site, n))"
              .formatted(collation),
          "GRANT SELECT ON %s.t TO 'freshet'@'127.0.0.1'".formatted(database.schema()));
      List<String> rows = new ArrayList<>();
      for (String site : SITES) {
        for (long n : NUMBERS) {
          rows.add("('%s', %s, 'c', 't', '2020-01-01')".formatted(site, n));
        }
      }
      Listings.execute(writer, "INSERT INTO t VALUES " + String.join(",", rows));
      master.settle();
      IndexedDocuments indexed = new IndexedDocuments(master.routes(), master.cities());
      assertThat(all(indexed)).hasSize(rows.size()).isEqualTo(table(writer));

      // Neither shows in a stamp that a poll or a sweep would look at.
      Listings.execute(
          writer,
          "DELETE FROM t WHERE site = 'ab' AND n = 7",
          "INSERT INTO t VALUES ('中', 8, 'c', 'late', '2019-01-01')");
      assertThat(findings(master))
          .hasSize(1)
          .first()
          .asString()
          .contains("1 missing, 0 outdated, 1 ghost");
      assertThat(all(indexed)).isEqualTo(table(writer));
      master.checkIndexes();
    }
  }

  /** Cycles until a diff has ended that found something. */
  private static List<Finding> findings(Master master) {
    for (int i = 0; i < 50; i++) {
      List<Finding> findings = master.cycle.run().findings();
      if (!findings.isEmpty()) {
        return findings;
      }
    }
    throw new AssertionError("50 cycles have found nothing");
  }

  private MySqlSource source(Listings listings) {
    listings.limits = new Limits(PAGE, 1_000, 1 << 20);
    SourceOptions base = listings.options(List.of(Listings.endpoint(database.pair().source())));
    CheckOptions diffAlways =
        new CheckOptions(
            Duration.ofDays(1), Duration.ofHours(1), Duration.ofMillis(1), Duration.ofDays(1));
    TableSpec table =
        new TableSpec(
            "t",
            List.of(new KeyColumn("site", KeyType.STRING), new KeyColumn("n", KeyType.BIGINT)),
            new VersionColumn("v", new DateTime(6)),
            "city",
            List.of(FieldColumns.of("title", "title")),
            "n <> 12345");
    return listings.source(
        new SourceOptions(base.session(), base.limits(), base.overlap(), diffAlways, table, null),
        schema());
  }

  private static IndexSchema schema() {
    FieldSpec title = new FieldSpec("title", FieldType.KEYWORD, null, false, true, false);
    return new IndexSchema(1, KEY, List.of(title), List.of());
  }

  /** All keys of the index, page by page: in order, and none twice. */
  private static List<DocumentKey> all(IndexedDocuments indexed) throws Exception {
    List<DocumentKey> keys = new ArrayList<>();
    List<DocumentKey> page = indexed.keysAfter(DocumentKey.EMPTY, PAGE);
    while (!page.isEmpty()) {
      keys.addAll(page);
      page = indexed.keysAfter(page.getLast(), PAGE);
    }
    return keys;
  }

  private static List<DocumentKey> table(Connection writer) throws SQLException {
    KeyCodec codec = new KeyCodec(KEY);
    TreeSet<DocumentKey> keys = new TreeSet<>();
    try (Statement statement = writer.createStatement();
        ResultSet row = statement.executeQuery("SELECT site, n FROM t")) {
      while (row.next()) {
        keys.add(codec.encode(List.of(row.getString(1), row.getLong(2))));
      }
    }
    return List.copyOf(keys);
  }
}

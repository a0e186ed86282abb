package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.app.CityTable.Run;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.KeyCodec;
import freshet.replicator.snapshot.KeyType;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** bin/indexer diff: what is missing, a ghost, in the wrong city, and how it is put right. */
@Timeout(180)
class DiffIT {
  private static final KeyCodec CODEC = new KeyCodec(List.of(KeyType.BIGINT));

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path folder;

  private CityTable table;

  @BeforeEach
  void thirtyRowsInThreeCities() throws Exception {
    table = CityTable.create(database, folder);
    for (int id = 1; id <= 30; id++) {
      table.insert(id, List.of("chicago", "sfbay", "boston").get(id % 3));
    }
  }

  /** None of these is stamped where a poll or a sweep looks. */
  private void seed() throws Exception {
    table.sql(
        "INSERT INTO listing VALUES (100, 'sfbay', 'late', '" + CityTable.LONG_AGO + "')",
        "DELETE FROM listing WHERE id = 4",
        "UPDATE listing SET city = 'chicago' WHERE id = 8",
        "UPDATE listing SET updated_at = '" + CityTable.LONG_AGO + "' WHERE id = 3");
  }

  @Test
  void nothingIsComparedBeforeAnythingIsPublished() {
    Run run = table.indexer("diff");
    assertThat(run.exitCode()).isEqualTo(75);
    assertThat(run.err()).contains("nothing is published", "first: bin/indexer build");
  }

  @Test
  void whatDiffersIsFoundNamedAndPutRightThroughACycle() throws Exception {
    table.build();
    Run equal = table.indexer("diff");
    assertThat(equal.out())
        .contains("equal: generation 1-0000000001 has the ids of the table, each in its city");
    assertThat(equal.exitCode()).isZero();

    seed();
    Run found = table.indexer("diff");
    assertThat(found.exitCode()).isEqualTo(1);
    assertThat(found.out())
        .contains(
            "100: missing in city sfbay",
            "4: ghost in city sfbay",
            "8: missing in city chicago",
            "8: in city boston, its row names chicago",
            "3: outdated in city chicago")
        .containsPattern("3 cities +30 +30 +2 +1 +1 +1 +0");
    Run one = table.indexer("diff", "--city", "boston", "--json", "--ids", "0");
    assertThat(one.exitCode()).isEqualTo(1);
    assertThat(one.out()).contains("\"found\":1", "\"wrongCity\":1").doesNotContain("sfbay");

    Run repaired = table.indexer("diff", "--repair");
    assertThat(repaired.err()).contains("5 documents are read again by a cycle that is run now");
    assertThat(repaired.out()).contains("equal: generation 1-0000000002");
    assertThat(repaired.exitCode()).isZero();
    assertThat(table.indexer("diff").exitCode()).isZero();
    assertThat(table.published()).containsEntry("sfbay", 10L).containsEntry("boston", 9L);
  }

  @Test
  void aTableWithoutTombstonesIsPutRightToo() throws Exception {
    table.configure("", "");
    table.build();
    seed();
    assertThat(table.indexer("diff").exitCode()).isEqualTo(1);
    assertThat(table.indexer("diff", "--repair").exitCode()).isZero();
    assertThat(table.indexer("diff").exitCode()).isZero();
  }

  /** More than one request holds, and more than one cycle reads. */
  @Test
  void manyDifferencesArePutRightInSeveralCycles() throws Exception {
    table.build();
    String digits = "(SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4)";
    table.sql(
        "INSERT INTO listing SELECT 1000 + a.n + 5 * b.n + 25 * c.n + 125 * d.n + 625 * e.n"
            + " + 3125 * f.n, 'sfbay', 'late', '%1$s' FROM %2$s a, %2$s b, %2$s c, %2$s d, %2$s e, %2$s f"
                .formatted(CityTable.LONG_AGO, digits),
        "DELETE FROM listing WHERE id <= 15");
    Run found = table.indexer("diff", "--ids", "3");
    assertThat(found.out()).contains("and 15,637 more: --ids", "15,640 documents differ");
    Run repaired = table.indexer("diff", "--repair");
    assertThat(repaired.exitCode()).as(repaired.out() + repaired.err()).isZero();
    assertThat(table.published()).containsEntry("sfbay", 15_630L).containsEntry("boston", 5L);
  }

  @Test
  void documentsThatAQueryYieldsAreComparedByIt() throws Exception {
    table.configure(
        "query: SELECT id, updated_at, UPPER(city) AS city, title FROM listing WHERE id IN (:keys)",
        "");
    table.build();
    assertThat(table.published()).containsOnlyKeys("BOSTON", "CHICAGO", "SFBAY");
    assertThat(table.indexer("diff").exitCode()).isZero();
    seed();
    Run found = table.indexer("diff");
    assertThat(found.exitCode()).isEqualTo(1);
    assertThat(found.out()).contains("4: ghost in city SFBAY", "8: missing in city CHICAGO");
    assertThat(table.indexer("diff", "--repair").exitCode()).isZero();
  }

  @Test
  void whatNoPollHasReadYetIsNoDifference() throws Exception {
    table.build();
    table.insert(31, "sfbay");
    table.sql(
        "UPDATE listing SET city = 'boston', updated_at = UTC_TIMESTAMP(6) WHERE id = 1",
        "INSERT INTO listing_deleted VALUES (2, UTC_TIMESTAMP(6))",
        "DELETE FROM listing WHERE id = 2");
    Run run = table.indexer("diff");
    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out()).containsPattern("3 cities +30 +30 +0 +0 +0 +0 +4");
  }

  /** The routing table knows nothing of what was done to the index. */
  @Test
  void anIndexThatWasTamperedWithIsPutRight() throws Exception {
    // What a poll looks at again it puts right by itself.
    table.sql("UPDATE listing SET updated_at = '" + CityTable.LONG_AGO + "' WHERE id = 1");
    table.build();
    try (Directory directory = FSDirectory.open(table.working("sfbay"));
        IndexWriter writer =
            new IndexWriter(directory, new IndexWriterConfig().setCommitOnClose(false))) {
      writer.deleteDocuments(DocumentFields.idTerm(CODEC.encode(List.of(1L))));
      writer.addDocument(document(2));
      writer.addDocument(document(999));
      writer.commit();
    }
    table.build();
    Run found = table.indexer("diff");
    assertThat(found.exitCode()).isEqualTo(1);
    assertThat(found.out())
        .contains(
            "1: missing in city sfbay",
            "999: ghost in city sfbay",
            "2: in city sfbay, its row names boston");

    Run repaired = table.indexer("diff", "--repair");
    assertThat(repaired.exitCode()).as(repaired.out() + repaired.err()).isZero();
    assertThat(table.published())
        .containsEntry("sfbay", 10L)
        .containsEntry("boston", 10L)
        .containsEntry("chicago", 10L);
  }

  private static Document document(long id) {
    Document document = new Document();
    BytesRef key = new BytesRef(CODEC.encode(List.of(id)).bytes());
    document.add(new StringField(DocumentFields.ID, key, Field.Store.NO));
    document.add(new StoredField(DocumentFields.ID, key));
    document.add(new NumericDocValuesField(DocumentFields.VERSION, 1));
    document.add(new NumericDocValuesField(DocumentFields.DIGEST, 1));
    return document;
  }

  @Test
  void besideADaemonAChangingTableRaisesNoFalseAlarmAndIsPutRight() throws Exception {
    try (CityTable.Daemon daemon = table.start();
        ExecutorService writers = Executors.newSingleThreadExecutor()) {
      AtomicBoolean isOver = new AtomicBoolean();
      Future<Integer> writing = writers.submit(() -> write(isOver));
      try {
        assertThat(daemon.daemon().exitCode().code()).isZero();
        Run first = diffOncePublished();
        assertThat(first.exitCode()).as(first.out()).isZero();

        seed();
        Run found = table.indexer("diff");
        assertThat(found.exitCode()).as(found.out()).isEqualTo(1);
        assertThat(found.out())
            .contains("100: missing", "4: ghost", "8: missing", "8: in city", "3: outdated")
            .contains("5 documents differ", "also after a cycle that began since");

        Run repaired = table.indexer("diff", "--repair");
        assertThat(repaired.err()).contains("the next cycle of the master that runs");
        assertThat(repaired.exitCode()).as(repaired.out() + repaired.err()).isZero();
      } finally {
        isOver.set(true);
      }
      assertThat(writing.get()).isPositive();
    }
  }

  private Run diffOncePublished() {
    Run run = table.indexer("diff");
    while (run.exitCode() == 75) {
      run = table.indexer("diff");
    }
    return run;
  }

  /** Inserts, moves and deletes, each with its stamp, for as long as the test takes. */
  private int write(AtomicBoolean isOver) throws Exception {
    int id = 1000;
    while (!isOver.get()) {
      table.insert(id, "sfbay");
      table.sql(
          "UPDATE listing SET city = 'boston', updated_at = UTC_TIMESTAMP(6) WHERE id = " + id,
          "UPDATE listing SET title = 'new', updated_at = UTC_TIMESTAMP(6) WHERE id = 12");
      if (id % 2 == 0) {
        table.sql(
            "INSERT INTO listing_deleted VALUES (%d, UTC_TIMESTAMP(6))".formatted(id),
            "DELETE FROM listing WHERE id = " + id);
      }
      id++;
    }
    return id;
  }

  @Test
  void aNameThatNothingKnowsIsAMistakeThatNamesTheNearest() throws Exception {
    table.build();
    Run run = table.indexer("diff", "--city", "sfbya");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("there is no city sfbya", "did you mean sfbay?");
    assertThat(table.indexer("diff", "--city", "x".repeat(300)).err())
        .contains("takes 300 characters as a folder name");
    assertThat(table.indexer("diff", "--ids", "-1").exitCode()).isEqualTo(2);
  }

  @Test
  void cityNamesAreData() throws Exception {
    List<String> names = List.of("", " ", "../x", "São Paulo", "são paulo", "SFBAY", "a\nb");
    for (int i = 0; i < names.size(); i++) {
      table.insert(200 + i, names.get(i));
    }
    table.insert(300, null);
    table.insert(301, "x".repeat(300));
    table.build();
    Run equal = table.indexer("diff");
    assertThat(equal.exitCode()).as(equal.out()).isZero();
    assertThat(equal.out()).contains("2 rows that are set aside", "\"\"", "../x", "\"a\\nb\"");

    table.sql("DELETE FROM listing WHERE id >= 200");
    for (String name : names) {
      Run run = table.indexer("diff", "--city", name);
      assertThat(run.exitCode()).as(name).isEqualTo(1);
      assertThat(run.out()).contains("1 document differs").contains("ghost in city");
    }
    assertThat(table.indexer("diff", "--repair").exitCode()).isZero();
    assertThat(table.published()).containsEntry("../x", 0L).containsEntry("sfbay", 10L);
  }
}

package freshet.indexer.app;

import static freshet.indexer.app.ListingMaster.PRICE;
import static freshet.indexer.app.ListingMaster.TITLE;
import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.config.IndexerConfig;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.rebuild.RebuildFolder;
import freshet.indexer.rebuild.RebuildState;
import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CycleReport;
import freshet.indexer.session.SessionListener;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.Snapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A master whose configuration changes, or the table below it. */
class ChangedDefinitionIT {
  private static final long ROWS = 200;

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path folder;
  private ListingMaster listings;
  private Master master;

  @BeforeEach
  void publish() throws Exception {
    listings = new ListingMaster(database, folder);
    listings.createTables();
    for (long id = 1; id <= ROWS; id++) {
      listings.insert(id);
    }
    listings.configure(TITLE, "");
    open();
  }

  @AfterEach
  void stop() throws Exception {
    master.close();
  }

  @Test
  void theFirstCycleLoadsTheTableAndKeepsWhatItIsBuiltBy() throws Exception {
    CycleReport report = master.cycle().run();

    assertThat(report.outcome()).isInstanceOf(CycleOutcome.Published.class);
    expectPublishedWithoutPrice();
    assertThat(RebuildFolder.in(listings.work()).path()).doesNotExist();
    assertThat(Files.readString(listings.work().resolve("definition.json")))
        .contains("\"title\"")
        .doesNotContain("only-for-tests");
    listings.insert(ROWS + 1);
    listings.delete(1);
    settle();
    expectPublishedWithoutPrice();
  }

  @Test
  void aConfigurationThatMakesOtherDocumentsWaitsForARebuild() throws Exception {
    settle();
    Snapshot before = listings.snapshot();
    listings.configure(TITLE + ", " + PRICE, "searchable_if: price > 0");
    restart();

    listings.insert(ROWS + 1);
    CycleReport report = master.cycle().run();

    assertThat(report.findings())
        .anySatisfy(
            finding -> {
              assertThat(finding.what())
                  .isEqualTo("the configuration is not what the indexes are built by");
              assertThat(finding.evidence())
                  .contains("table.searchable_if: in use is nothing, configured is price > 0")
                  .contains(
                      "fields.price: in use is nothing, configured is long, stored, sortable");
              assertThat(finding.fix()).contains("bin/indexer rebuild --all");
            });
    settle();
    expectPublishedWithoutPrice();
    assertThat(listings.snapshot().manifest().schema()).isEqualTo(before.manifest().schema());
    assertThat(listings.indexer("check-config", "--offline").out())
        .contains("the configuration is not what the indexes are built by");

    listings.configure(TITLE, "");
    restart();
    assertThat(master.cycle().run().findings()).isEmpty();
  }

  @Test
  void whatChangesNoDocumentTakesEffectAtOnce() throws Exception {
    settle();
    listings.configure(TITLE, "diff_every: 1h");
    restart();

    assertThat(master.cycle().run().findings()).isEmpty();
    assertThat(Files.readString(listings.work().resolve("definition.json"))).contains("PT1H");
  }

  @Test
  void aRebuildByAnotherDefinitionIsAdoptedWithoutARestart() throws Exception {
    settle();
    Snapshot before = listings.snapshot();
    listings.configure(TITLE + ", " + PRICE, "");
    var rebuild =
        RebuildParts.rebuild(
            config(),
            RebuildFolder.in(listings.work()),
            null,
            new QuietMonitor(config()),
            SessionListener.NONE,
            new SystemTime(),
            new StopSignal());

    assertThat(rebuild.load().phase()).isEqualTo(RebuildState.Phase.CATCHING_UP);
    listings.insert(ROWS + 1);
    listings.delete(1);
    settle();
    expectPublishedWithoutPrice();
    assertThat(rebuild.catchUp().phase()).isEqualTo(RebuildState.Phase.READY);
    listings.insert(ROWS + 2);
    listings.delete(2);
    listings.sql("UPDATE listing SET city = 'elsewhere' WHERE id = 3");

    CycleReport report = master.cycle().run();

    assertThat(report.outcome()).isInstanceOf(CycleOutcome.Published.class);
    assertThat(report.findings()).isEmpty();
    assertThat(listings.snapshot().manifest().schema()).isNotEqualTo(before.manifest().schema());
    assertThat(listings.published()).isEqualTo(listings.table());
    listings.insert(ROWS + 3);
    settle();
    restart();
    settle();
    assertThat(listings.published()).isEqualTo(listings.table());
  }

  @Test
  void aDroppedColumnIsOneFailureThatSaysSoUntilItIsBack() throws Exception {
    master.close();
    listings.configure(TITLE + ", " + PRICE, "");
    open();
    settle();
    listings.sql(
        "ALTER TABLE listing DROP COLUMN price", "UPDATE listing SET title = 'new' WHERE id = 1");

    for (int i = 0; i < 3; i++) {
      assertThat(master.cycle().run().outcome())
          .isInstanceOfSatisfying(
              CycleOutcome.Failed.class,
              failed -> {
                assertThat(failed.failure()).isEqualTo("SchemaError");
                assertThat(failed.message()).contains("price", "bin/indexer rebuild --all");
              });
    }
    master.close();
    ListingMaster.Run build = listings.indexer("build");
    assertThat(build.exitCode()).isEqualTo(78);
    assertThat(build.err()).contains("price", "what is published is complete through");
    open();
    assertThat(master.cycle().run().outcome()).isInstanceOf(CycleOutcome.Failed.class);
    listings.sql("ALTER TABLE listing ADD COLUMN price BIGINT", "UPDATE listing SET price = id");
    settle();
    assertThat(listings.published()).isEqualTo(listings.table());
  }

  @Test
  void aColumnThatWasDroppedForGoodIsLeftBehindByARebuild() throws Exception {
    master.close();
    listings.configure(TITLE + ", " + PRICE, "");
    open();
    settle();
    listings.sql(
        "ALTER TABLE listing DROP COLUMN price", "UPDATE listing SET title = 'new' WHERE id = 1");
    listings.configure(TITLE, "");
    restart();
    assertThat(master.cycle().run().outcome()).isInstanceOf(CycleOutcome.Failed.class);
    master.close();

    ListingMaster.Run rebuilt = listings.indexer("rebuild", "--all", "--plain");

    assertThat(rebuilt.exitCode()).as(rebuilt.err()).isZero();
    open();
    settle();
    assertThat(listings.published()).containsEntry("new", "city1 null").hasSize((int) ROWS);
  }

  private void expectPublishedWithoutPrice() throws Exception {
    Map<String, String> expected = new TreeMap<>();
    listings.table().forEach((title, row) -> expected.put(title, row.split(" ")[0] + " null"));
    assertThat(listings.published()).isEqualTo(expected);
  }

  private IndexerConfig config() throws Exception {
    return IndexerConfig.read(listings.file(), System.getenv());
  }

  private void open() throws Exception {
    master =
        Master.open(
            listings.file(),
            config(),
            "test",
            SessionListener.NONE,
            new SystemTime(),
            new StopSignal());
  }

  private void restart() throws Exception {
    master.close();
    open();
  }

  private void settle() {
    for (int i = 0; i < 20; i++) {
      CycleReport report = master.cycle().run();
      assertThat(report.isClean()).as(report.toString()).isTrue();
      if (report.outcome() instanceof CycleOutcome.Refreshed) {
        return;
      }
    }
    throw new AssertionError("20 cycles did not come to rest");
  }
}

package freshet.indexer.benchmark.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.benchmark.IndexerCommand;
import freshet.indexer.benchmark.build.BenchmarkDatabase;
import freshet.indexer.benchmark.build.Corpus;
import freshet.indexer.benchmark.build.CorpusTable;
import freshet.indexer.benchmark.build.Fields;
import freshet.indexer.benchmark.build.MasterFolder;
import freshet.indexer.embedded.DatabaseServer;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Slaves clone the index over a link of 10 MB/s that the master's connections to a real database
 * share: the old story, and how it ends.
 */
class DatabaseGuardIT {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseGuardIT.class);
  private static final int SLAVES = 30;
  private static final int DOCUMENTS = 6_000;
  private static final int CITIES = 6;

  @TempDir Path folder;
  private final Time time = new SystemTime();
  private DatabaseServer server;
  private CorpusTable table;

  @BeforeEach
  void start() throws Exception {
    server = BenchmarkDatabase.start(time);
    table = CorpusTable.fill(server, "listings", Corpus.of(null, CITIES), DOCUMENTS, time.now());
    MasterFolder master = master(server.port(), Settings.DAEMON);
    try (ServedMaster building = ServedMaster.start(master, time)) {
      building.untilIdle(() -> {});
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  // Clones through a narrow link take as long as they take.
  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void whereSlavesCloneHandshakesFareBadlyUnlessTheServerYields() throws Exception {
    DatabaseGuard guard =
        new DatabaseGuard(IndexerCommand.line(), table, this::master, SLAVES, time);
    DatabaseGuard.Outcome off = guard.run(Settings.UNGUARDED);
    DatabaseGuard.Outcome on = guard.run(Settings.DAEMON);
    LOG.info("guard off: {}; guard on: {}", off.text(), on.text());

    // The old story.
    assertThat(off.times()).isGreaterThan(10);
    assertThat(on.busy().millis(0.9)).isLessThan(off.busy().millis(0.99) / 4);
    assertThat(on.failedPolls()).isZero();
    assertThat(on.busy().failures()).isZero();
    assertThat(on.current()).isEqualTo(SLAVES);
  }

  private MasterFolder master(int databasePort, String sections) throws Exception {
    return MasterFolder.create(folder, table, Fields.STORED, databasePort, sections);
  }
}

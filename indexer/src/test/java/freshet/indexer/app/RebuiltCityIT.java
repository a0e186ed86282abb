package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.app.CityTable.Run;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.rebuild.RebuildFolder;
import freshet.indexer.rebuild.RebuildState;
import freshet.replicator.files.ProcessLock;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Workers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A city is built anew from a table where deletions leave no trace. */
@Timeout(180)
class RebuiltCityIT {
  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", "searchable_if: \"title <> 'hidden'\""})
  void aRowThatIsDeletedWhileItIsRebuiltIsGoneAfterTheSwitch(String more) throws Exception {
    CityTable table = CityTable.create(database, folder);
    table.configure(more, "");
    for (long id = 1; id <= 3; id++) {
      table.insert(id, "sfbay");
    }
    table.insert(4, "boston");
    table.build();
    Path work = folder.resolve("data/index");

    try (ExecutorService verb = Workers.virtual("rebuild-verb")) {
      ProcessLock master = lock(work.resolve("indexer.lock"));
      Future<Run> rebuild = verb.submit(() -> table.indexer("rebuild", "--city", "sfbay"));
      awaitReady(RebuildFolder.in(work), rebuild);
      table.sql("DELETE FROM listing WHERE id = 2");
      master.close();
      assertThat(rebuild.get().exitCode()).as(rebuild.get().err()).isZero();
    }

    table.build();
    assertThat(table.published()).containsEntry("sfbay", 2L).containsEntry("boston", 1L);
    assertThat(table.indexer("diff").exitCode()).isZero();
  }

  /** Nobody switches while this is held. */
  private static ProcessLock lock(Path file) throws Exception {
    if (ProcessLock.tryTake(file, "a master")
        instanceof ProcessLock.Attempt.Taken(ProcessLock own)) {
      return own;
    }
    throw new AssertionError(file + " is held");
  }

  private static void awaitReady(RebuildFolder rebuild, Future<?> verb) throws Exception {
    while (rebuild.read().filter(RebuiltCityIT::isReady).isEmpty()) {
      assertThat(verb.isDone()).as("the rebuild has ended").isFalse();
      new StopSignal().await(Duration.ofMillis(5));
    }
  }

  private static boolean isReady(RebuildState state) {
    return state.phase() == RebuildState.Phase.READY;
  }
}

package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.repository.Scrub;
import freshet.replicator.repository.ScrubReport;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store has not all that its manifests name, and what it has not is not missing. */
class ScrubbedStoreIT {
  @TempDir Path folder;
  private HandmadeMaster master;
  private Slave slave;

  @BeforeEach
  void start() throws IOException {
    master = new HandmadeMaster(folder.resolve("master")).withPacks();
    master.publish(10, "a", "b");
    slave = new Slave(folder.resolve("store"), master.root().toString());
  }

  @Test
  void packsAndSnapshotsThatWereNotPulledAreNotMissed() throws Exception {
    slave.pullsNew();
    assertThat(scrub().bad()).isEmpty();
    for (int skipped = 0; skipped < 3; skipped++) {
      master.publish(1, "a", "b");
      master.newIncarnation("b");
    }
    slave.pullsNew();
    assertThat(scrub().bad()).isEmpty();
    master.publish(1, "a");
    slave.pullsNew();
    assertThat(scrub().bad()).isEmpty();
  }

  @Test
  void citiesThatAreNotPulledAreNotMissed() throws Exception {
    slave.restart(new PullOptions(4, 0, ReplayMode.AUTO, CitySubset.of(List.of("a"))));
    slave.pullsNew();
    master.publish(1, "a", "b");
    slave.pullsNew();
    assertThat(scrub().bad()).isEmpty();
  }

  @Test
  void whatIsServedIsMissed() throws Exception {
    slave.pullsNew();
    CityEntry entry = master.current().cities().firstEntry().getValue();
    for (String name :
        List.of(master.files("a").getFirst(), RepositoryLayout.cityManifestName(entry))) {
      Files.delete(slave.store().layout().resolve(name));
      assertThat(scrub().bad())
          .singleElement()
          .satisfies(bad -> assertThat(bad.file()).isEqualTo(name))
          .satisfies(bad -> assertThat(bad.problem()).isEqualTo("it is gone"));
      slave.restart();
      slave.pull();
      assertThat(scrub().bad()).isEmpty();
    }
  }

  private ScrubReport scrub() throws Exception {
    return new Scrub(slave.store(), 1L << 30, new SystemTime()).run(progress -> {});
  }
}

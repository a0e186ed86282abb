package freshet.replicator.swap;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.snapshot.Snapshot;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManyCitiesIT {
  private static final int CITIES = 100;
  private static final IndexSchema SCHEMA =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(new FieldSpec("title", FieldType.TEXT, "standard", false, true, false)),
          List.of("title"));

  @Test
  void manyCitiesOpenTogetherAndOneChangeCostsOneCity(@TempDir Path folder) throws Exception {
    try (RepositoryFixture master = new RepositoryFixture(folder, SCHEMA);
        SnapshotSwitch snapshots = new SnapshotSwitch(master.repository(), 2, new SystemTime())) {
      for (int i = 0; i < CITIES; i++) {
        master.put("city " + i, i, i, "word" + i);
      }
      Snapshot all = master.publish();
      SwitchReport first = snapshots.switchTo(all, RepositoryFixture.advertisement(all));
      master.put("city 7", CITIES, CITIES, "more");
      Snapshot changed = master.publish();
      SwitchReport second = snapshots.switchTo(changed, RepositoryFixture.advertisement(changed));

      assertThat(first.opened()).isEqualTo(CITIES);
      assertThat(second.reopened()).isEqualTo(1);
      assertThat(second.reused()).isEqualTo(CITIES - 1);
      assertThat(second.documents()).isEqualTo(CITIES + 1);
      master.checkIndexes();
    }
  }
}

package freshet.indexer.demo.data;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadIT {
  private static final Path HOME = Path.of(System.getProperty("freshet.home", ".."));
  private static final Time TIME = new SystemTime();
  private static final Duration LONGEST = Duration.ofSeconds(30);

  @Test
  void everyKindOfChangeOccursAndLateOnesAreStampedEarly() throws Exception {
    try (DemoDatabase database = DemoDatabase.start(HOME, TIME)) {
      ListingGenerator generator = new ListingGenerator(1, 5);
      long loaded =
          database.load(
              sink -> {
                for (int i = 0; i < 300; i++) {
                  sink.accept(generator.next());
                }
              });
      assertThat(loaded).isEqualTo(300);

      Map<ChangeKind, Long> counts;
      try (Heartbeat heartbeat = Heartbeat.start(database);
          Workload workload =
              Workload.start(database, new Workload.Plan(1, 200, Duration.ofMillis(300)), TIME)) {
        long start = TIME.nanoTime();
        while (workload.counts().containsValue(0L)
            && TIME.since(start).compareTo(LONGEST) < 0
            && workload.failure().isEmpty()) {
          TIME.sleep(Duration.ofMillis(20));
        }
        workload.stop();
        counts = workload.counts();
        assertThat(workload.failure()).isEmpty();
        assertThat(heartbeat.failure()).isEmpty();
        assertThat(workload.words().remembered()).isNotEmpty();
      }

      assertThat(counts.values()).allMatch(count -> count > 0);
      database.awaitReplica();
      try (Connection source = database.writer();
          Statement statement = source.createStatement();
          ResultSet row =
              statement.executeQuery(
                  "SELECT COUNT(*), (SELECT COUNT(*) FROM listings_deleted) FROM listings")) {
        row.next();
        long deletions = counts.get(ChangeKind.DELETE) + counts.get(ChangeKind.LATE);
        long inserts = counts.get(ChangeKind.INSERT) + counts.get(ChangeKind.LATE);
        // The last late transaction may have been cut short, which is not counted.
        assertThat(row.getLong(1)).isEqualTo(300 + inserts - deletions);
        assertThat(row.getLong(2)).isGreaterThanOrEqualTo(deletions);
      }
    }
  }
}

package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.app.CityTable.Run;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.replicator.sink.Receiver;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/indexer build} tells where cron runs it, and no daemon watches. */
class BuildAlertsIT {
  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();
  @TempDir private Path folder;

  @Test
  void aFailureIsToldOnceOverManyRunsAndSoIsItsEnd() throws Exception {
    CityTable table = CityTable.create(database, folder);
    try (Receiver receiver = new Receiver()) {
      table.configure(
          "alerts: {log: false, pending_for: 0s, clear_for: 0s, flap_window: 0s,"
              + " webhook: {url: \"%s\"}}".formatted(receiver.uri("/hook")));
      table.insert(1, "boston");
      table.build();
      assertThat(receiver.count()).isZero();

      table.sql("RENAME TABLE listing TO elsewhere");
      for (int run = 0; run < 3; run++) {
        Run build = table.indexer("build");
        assertThat(build.exitCode()).as(build.err()).isEqualTo(78);
      }
      assertThat(receiver.take().body())
          .contains(
              "\"event\":\"firing\"",
              "\"cause\":\"poll-fails\"",
              "\"failure\":\"SchemaError\"",
              "\"lastGood\":\"1-");
      assertThat(receiver.count()).isZero();

      table.sql("RENAME TABLE elsewhere TO listing");
      table.build();
      assertThat(receiver.take().body())
          .contains("\"event\":\"resolved\"", "\"cause\":\"poll-fails\"");
      assertThat(receiver.count()).isZero();
    }
  }

  @Test
  void aFailureOfOneRunIsDamped() throws Exception {
    CityTable table = CityTable.create(database, folder);
    try (Receiver receiver = new Receiver()) {
      table.configure(
          "alerts: {log: false, webhook: {url: \"%s\"}}".formatted(receiver.uri("/hook")));
      table.insert(1, "boston");
      table.build();
      table.sql("RENAME TABLE listing TO elsewhere");
      assertThat(table.indexer("build").exitCode()).isNotZero();
      table.sql("RENAME TABLE elsewhere TO listing");
      table.build();
      assertThat(receiver.count()).isZero();
      assertThat(folder.resolve("data/index/alerts/incidents.json")).exists();
    }
  }
}

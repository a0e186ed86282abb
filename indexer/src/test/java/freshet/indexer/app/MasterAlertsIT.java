package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.replicator.sink.Receiver;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A master on a real database tells of what is wrong once, with its cause, and of its end. */
class MasterAlertsIT {
  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();
  @TempDir private Path folder;

  @Test
  void twoCausesAfterEachOtherAreTwoIncidentsThatNameThem() throws Exception {
    CityTable table = CityTable.create(database, folder);
    try (Receiver receiver = new Receiver()) {
      table.configure(
          "alerts: {pending_for: 1s, clear_for: 1s, flap_window: 1s, webhook: {url: \"%s\"}}"
              .formatted(receiver.uri("/hook")));
      table.insert(1, "boston");
      table.build();
      try (CityTable.Daemon daemon = table.start()) {
        table.sql("RENAME TABLE listing TO elsewhere");
        assertThat(receiver.take().body())
            .contains(
                "\"event\":\"firing\"",
                "\"cause\":\"poll-fails\"",
                "\"failure\":\"SchemaError\"",
                "\"stage\":\"POLL\"",
                "\"heading\":\"SchemaError\"",
                "\"lastGood\":\"1-");
        table.sql("RENAME TABLE elsewhere TO listing");
        assertThat(receiver.take().body())
            .contains("\"event\":\"resolved\"", "\"cause\":\"poll-fails\"");

        table.insert(2, null);
        assertThat(receiver.take().body())
            .contains(
                "\"event\":\"firing\"",
                "\"cause\":\"quarantine-grows\"",
                "1 row was set aside within the last hour, 1 in all");
        assertThat(daemon.daemon().exitCode().code()).isZero();
      }
      assertThat(receiver.count()).isZero();
    }
  }
}

package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What on-call finds of a master's failures, and what it is told where nothing is known. */
@Timeout(180)
class MasterIncidentsIT {
  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();
  @TempDir private Path folder;

  @Test
  void whatIsNotKnownIsAMistakeOfWhoAsks() throws Exception {
    CityTable table = CityTable.create(database, folder);

    CityTable.Run unknown = table.indexer("incident", "show", "poll-fails");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("no incident is known");
    CityTable.Run zone = table.indexer("incident", "failures", "--zone", "Berlin");
    assertThat(zone.exitCode()).isEqualTo(2);
    assertThat(zone.err()).contains("the name of a zone is expected");
    assertThat(table.indexer("incident", "failures", "--last", "2").exitCode()).isEqualTo(2);
    assertThat(table.indexer("incident", "list", "--limit", "0").exitCode()).isEqualTo(2);
    assertThat(table.indexer("incident", "failures", "--last", "7d").out())
        .isEqualToIgnoringNewLines("no failure is known");
  }

  @Test
  void aCycleOfCronThatFailsIsRecordedToo() throws Exception {
    CityTable table = CityTable.create(database, folder);
    table.insert(1, "boston");
    table.build();
    table.sql("RENAME TABLE listing TO elsewhere");
    assertThat(table.indexer("build").exitCode()).isEqualTo(78);

    assertThat(table.indexer("incident", "failures", "--json").out())
        .contains("\"name\":\"poll SchemaError\"");
    assertThat(table.folder.resolve("data/index/flight/recordings")).isNotEmptyDirectory();
  }
}

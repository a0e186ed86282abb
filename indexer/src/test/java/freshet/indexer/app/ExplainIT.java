package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.app.CityTable.Run;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.replicator.app.ReplicatorMain;
import freshet.replicator.command.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** bin/indexer explain and bin/replicator explain: where a document is on a real table's way. */
@Timeout(180)
class ExplainIT {
  private static final String DELETED = "; it was deleted at 20";

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();
  @TempDir Path folder;

  private CityTable table;

  @BeforeEach
  void twoCities() throws Exception {
    table = CityTable.create(database, folder);
    table.insert(1, "boston");
    table.insert(2, "chicago");
  }

  @Test
  void aRowIsFollowedFromTheTableToWhatIsPublishedAndOutAgain() throws Exception {
    expect(1, 1, "waits for the next poll; nothing is published yet");
    table.build();
    expect(
        1,
        0,
        "in city boston, and so it is published: commit 1, published with generation 1-0000000001",
        "no daemon runs here that slaves report to");
    assertThat(replicator(0, "explain", "1"))
        .contains("1 is in generation 1-0000000001", "in boston, version");

    table.insert(3, "boston");
    expect(3, 1, "waits for the next poll; generation 1-0000000001 does not hold it");
    table.build();
    expect(3, 0, "generation 1-0000000002");
    expect(1, 0, "generation 1-0000000001");

    table.sql(
        "INSERT INTO listing_deleted VALUES (1, UTC_TIMESTAMP(6))",
        "DELETE FROM listing WHERE id = 1");
    expect(1, 1, "no row has this key, and its tombstone waits for the next poll", DELETED);
    table.build();
    expect(1, 0, "no row has this key, and nothing that is published holds it", DELETED);
    assertThat(replicator(1, "explain", "1"))
        .contains("1 is in none of the 2 cities", "bin/indexer explain 1");
  }

  @Test
  void whatWasOverlookedOrSetAsideSaysWhatToDo() throws Exception {
    table.build();
    table.sql("DELETE FROM listing WHERE id = 2");
    expect(
        2,
        1,
        "no tombstone of it is left to be read",
        "next: bin/indexer diff --config ",
        " --repair");
    table.sql("INSERT INTO listing VALUES (4, 'boston', 'late', '" + CityTable.LONG_AGO + "')");
    expect(4, 1, "polls have read past it");
    table.insert(5, null);
    table.build();
    expect(5, 1, "the city of its row is NULL", "next: bin/indexer quarantine list");
    expect(6, 0, "no row has this key");
  }

  @Test
  void aPauseIsNamedByBothRoles() throws Exception {
    table.build();
    table.insert(3, "boston");
    pause("--city", "boston", "--reason", "import");
    expect(
        3,
        1,
        "; city boston is paused by ann until ",
        ": import;",
        "next: bin/indexer resume --config ",
        " --city boston");
    assertThat(replicator(1, "explain", "3"))
        .contains("  nothing newer comes: city boston is paused by ann until ", ": import");
    expect(2, 0, "generation 1-0000000001");
    assertThat(replicator(0, "explain", "2")).doesNotContain("paused");

    pause("--reason", "new disk");
    expect(3, 1, "; the master is paused by ann until ", ": new disk;", "next: bin/indexer resume");
    assertThat(replicator(0, "explain", "2"))
        .contains("  nothing newer comes: everything here is paused by ann until ");
    Run json = table.indexer("explain", "3", "--json");
    assertThat(Json.parse(json.out()).path("state").asText()).isEqualTo("PAUSED");
  }

  private void pause(String... more) {
    List<String> arguments = new ArrayList<>(List.of("pause", "--for", "10m", "--by", "ann"));
    arguments.addAll(List.of(more));
    assertThat(table.indexer(arguments.toArray(String[]::new)).exitCode()).isZero();
  }

  @Test
  void jsonHasTheSameAndWhatIsNoKeyIsRefused() throws Exception {
    table.build();
    Run run = table.indexer("explain", "2", "--json");
    assertThat(run.exitCode()).isZero();
    assertThat(Json.parse(run.out()).path("state").asText()).isEqualTo("SERVED");
    assertThat(Json.parse(run.out()).path("copies").path(0).path("city").asText())
        .isEqualTo("chicago");

    Run refused = table.indexer("explain", "two");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("'two' is no key of a document: 'two' is no integer of 64 bits", "[BIGINT]");
  }

  private void expect(long id, int exitCode, String... what) {
    Run run = table.indexer("explain", Long.toString(id));
    assertThat(run.out() + run.err()).contains(what);
    assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(exitCode);
  }

  private String replicator(int exitCode, String... arguments) {
    StringWriter out = new StringWriter();
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--repository";
    all[arguments.length + 1] = table.repository().layout().root().toString();
    int code =
        ReplicatorMain.commandLine(all)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(out))
            .execute(all);
    assertThat(code).as(out.toString()).isEqualTo(exitCode);
    return out.toString();
  }
}

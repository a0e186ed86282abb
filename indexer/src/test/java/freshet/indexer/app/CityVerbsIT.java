package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.app.CityTable.Run;
import freshet.indexer.embedded.DatabaseFixture;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** bin/indexer city: list, rename, retire. */
@Timeout(180)
class CityVerbsIT {
  private static final List<String> NAMES =
      List.of("", " ", "../x", "São Paulo", "são paulo", "SFBAY", "O'Hara \\");

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path folder;

  private CityTable table;

  @BeforeEach
  void tenRowsInTwoCities() throws Exception {
    table = CityTable.create(database, folder);
    for (int id = 1; id <= 10; id++) {
      table.insert(id, id <= 4 ? "sfbay" : "boston");
    }
  }

  private void delete(String condition) throws Exception {
    table.sql(
        "INSERT INTO listing_deleted SELECT id, UTC_TIMESTAMP(6) FROM listing WHERE " + condition,
        "DELETE FROM listing WHERE " + condition);
  }

  @Test
  void theListHasEveryCityWithItsFiguresAndTheirTotals() throws Exception {
    assertThat(table.indexer("city", "list").out()).contains("0 cities", "nothing published yet");
    table.build();
    Run list = table.indexer("city", "list");
    assertThat(list.exitCode()).isZero();
    assertThat(list.out().lines().toList())
        .satisfiesExactly(
            heading -> assertThat(heading).startsWith("city").contains("segments", "last commit"),
            boston -> assertThat(boston).matches("boston +6 +0 +1 .*Z +6 .*"),
            sfbay -> assertThat(sfbay).matches("sfbay +4 +0 +1 .*Z +4 .*"),
            total -> assertThat(total).matches("2 cities +10 +0 +2 .* 10 .*generation 1-0{9}1"));
    assertThat(table.indexer("city", "list", "--json").out())
        .contains("\"generation\":\"1-0000000001\"", "\"documents\":4", "\"published\":6");

    delete("city = 'sfbay'");
    table.build();
    assertThat(table.indexer("city", "list").out()).containsPattern("sfbay +0 .* empty");
  }

  @Test
  void aCityIsRetiredOnceNoRowNamesIt() throws Exception {
    table.build();
    Run refused = table.indexer("city", "retire", "sfbay");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err())
        .contains("city sfbay is not retired: 4 rows of table listing name it", "city rename");
    Run forced = table.indexer("city", "retire", "sfbay", "--force");
    assertThat(forced.exitCode()).isEqualTo(2);
    assertThat(forced.err()).contains("Set cities: listed");
    Run unknown = table.indexer("city", "retire", "sfbya");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("did you mean sfbay?");

    // Deletions that no cycle has read yet are waited for, here by a cycle of its own.
    delete("city = 'sfbay'");
    Run retired = table.indexer("city", "retire", "sfbay");
    assertThat(retired.exitCode()).as(retired.err()).isZero();
    assertThat(table.published()).containsOnlyKeys("boston");
    assertThat(table.working("sfbay")).doesNotExist();
    assertThat(table.indexer("build").out()).contains("nothing to do");
    assertThat(table.indexer("diff").exitCode()).isZero();

    table.insert(20, "sfbay");
    table.build();
    assertThat(table.published()).containsEntry("sfbay", 1L);
  }

  @Test
  void aMasterThatRunsRetiresACity() throws Exception {
    table.build();
    delete("city = 'sfbay'");
    try (CityTable.Daemon daemon = table.start()) {
      assertThat(daemon.daemon().exitCode().code()).isZero();
      Run retired = table.indexer("city", "retire", "sfbay");
      assertThat(retired.exitCode()).as(retired.err()).isZero();
      assertThat(table.published()).containsOnlyKeys("boston");
      assertThat(table.indexer("diff").exitCode()).isZero();
    }
  }

  @Test
  void aRenamedCityIsFollowedAndTheOldNameRetired() throws Exception {
    table.build();
    Run asked = table.indexer("city", "rename", "sfbay", "San Francisco");
    assertThat(asked.exitCode()).isEqualTo(1);
    String statement =
        asked.out().lines().filter(line -> line.startsWith("UPDATE")).findFirst().orElseThrow();
    assertThat(asked.out()).contains("-- 4 rows of table listing name city sfbay, 0 name San");
    assertThat(table.published()).containsOnlyKeys("boston", "sfbay");

    // Half of it is no rename yet, and loses nothing.
    table.sql(statement.replace(";", " AND id <= 2"));
    Run half = table.indexer("city", "rename", "sfbay", "San Francisco");
    assertThat(half.exitCode()).isEqualTo(1);
    assertThat(half.out()).contains("-- 2 rows of table listing name city sfbay, 2 name San");
    table.build();
    assertThat(table.published()).containsEntry("sfbay", 2L).containsEntry("San Francisco", 2L);

    table.sql(statement);
    Run done = table.indexer("city", "rename", "sfbay", "San Francisco");
    assertThat(done.exitCode()).as(done.err()).isZero();
    assertThat(done.out()).contains("is San Francisco by now: 4 rows, 4 documents published");
    assertThat(table.published())
        .hasSize(2)
        .containsEntry("boston", 6L)
        .containsEntry("San Francisco", 4L);
    assertThat(table.indexer("diff").exitCode()).isZero();
    Run again = table.indexer("city", "rename", "sfbay", "San Francisco");
    assertThat(again.exitCode()).isZero();
  }

  @Test
  void mistakesOfARenameAreNamed() throws Exception {
    table.build();
    assertThat(table.indexer("city", "rename", "sfbay", "sfbay").exitCode()).isEqualTo(2);
    assertThat(table.indexer("city", "rename", "sfbay").exitCode()).isEqualTo(2);
    Run unknown = table.indexer("city", "rename", "bostn", "Boston");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("did you mean boston?");
    Run toOneThatThereIs = table.indexer("city", "rename", "bostn", "sfbay");
    assertThat(toOneThatThereIs.exitCode()).isEqualTo(2);
    assertThat(toOneThatThereIs.err())
        .contains("there is no city bostn in table, index or any snapshot that is kept");
    assertThat(table.indexer("city", "rename", "sfbay", "x".repeat(300)).err())
        .contains("takes 300 characters");
    table.configure("cities: listed\nlisted_cities: [sfbay, boston]");
    Run unlisted = table.indexer("city", "rename", "sfbay", "Bay");
    assertThat(unlisted.exitCode()).isEqualTo(78);
    assertThat(unlisted.err()).contains("city Bay is not in listed_cities");
  }

  @Test
  void aCityIsRebuiltOnlyIfItsNameIsOneThatTheQueryYields() throws Exception {
    table.configure(
        "query: SELECT id, updated_at, UPPER(city) AS city, title FROM listing WHERE id IN (:keys)",
        "");
    table.build();
    Run unknown = table.indexer("rebuild", "--city", "boston", "--city", "BOSTON");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err())
        .contains("--city boston: neither the snapshot nor table listing has such a city")
        .contains("did you mean BOSTON?");
    assertThat(table.indexer("status").out()).doesNotContain("rebuild");
    Run mistyped = table.indexer("city", "rebuild", "ATHEN");
    assertThat(mistyped.exitCode()).isEqualTo(2);

    table.insert(30, "athens");
    Run added = table.indexer("rebuild", "--city", "ATHENS");
    assertThat(added.exitCode()).as(added.err()).isZero();
    assertThat(table.published()).containsEntry("ATHENS", 1L);
  }

  @Test
  void anyNameIsRenamedToAnyOtherAndRetired() throws Exception {
    for (int i = 0; i < NAMES.size(); i++) {
      table.insert(100 + i, NAMES.get(i));
    }
    table.build();
    for (String name : NAMES) {
      String to = "new " + name + "'";
      Run asked = table.indexer("city", "rename", name, to);
      assertThat(asked.out()).as(name).contains("-- 1 row of table listing names city");
      table.sql(
          asked.out().lines().filter(line -> line.startsWith("UPDATE")).findFirst().orElseThrow());
      Run done = table.indexer("city", "rename", name, to);
      assertThat(done.exitCode()).as(name + done.err()).isZero();
      assertThat(table.published()).doesNotContainKey(name).containsEntry(to, 1L);
    }
    assertThat(table.published()).hasSize(2 + NAMES.size()).containsEntry("sfbay", 4L);
    delete("id >= 100");
    for (String name : NAMES) {
      Run retired = table.indexer("city", "retire", "new " + name + "'");
      assertThat(retired.exitCode()).as(name + retired.err()).isZero();
    }
    assertThat(table.published()).containsOnlyKeys("boston", "sfbay");
  }
}

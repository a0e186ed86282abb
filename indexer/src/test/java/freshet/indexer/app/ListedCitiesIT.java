package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.app.CityTable.Run;
import freshet.indexer.embedded.DatabaseFixture;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** cities: listed: what is not listed is a finding, and comes in whole once it is. */
@Timeout(180)
class ListedCitiesIT {
  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path folder;

  private CityTable table;

  @BeforeEach
  void threeCitiesOfWhichTwoAreListed() throws Exception {
    table = CityTable.create(database, folder);
    table.insert(1, "boston");
    table.insert(2, "sfbay");
    table.insert(3, "Boston");
    // Older than all that a poll looks at again.
    table.sql("INSERT INTO listing VALUES (4, 'Boston', 'old', '" + CityTable.LONG_AGO + "')");
    list("boston, sfbay");
  }

  private void list(String cities) throws Exception {
    table.configure("cities: listed\nlisted_cities: [" + cities + "]");
  }

  @Test
  void rowsOfOtherCitiesAreAFindingAndStopNothing() throws Exception {
    Run build = table.indexer("build", "--json");
    assertThat(build.exitCode()).as(build.err()).isZero();
    assertThat(build.out())
        .contains(
            "rows of city 'Boston' are not indexed, since it is not listed",
            "2 rows of table listing",
            "add it to listed_cities")
        .doesNotContain("\"readThrough\":null");
    assertThat(table.published()).hasSize(2).containsEntry("boston", 1L);
    assertThat(table.indexer("quarantine", "list").out()).contains("no row is set aside");
    Run diff = table.indexer("diff");
    assertThat(diff.exitCode()).isZero();
    assertThat(diff.out()).contains("not compared: 2 rows of cities that are not in listed_cities");
  }

  @Test
  void theCheckNamesCitiesThatAreNotListedAndListedOnesWithoutRows() throws Exception {
    list("boston, sfbay, Atlantis");
    Run check = table.indexer("check-config");
    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.out())
        .contains(
            "rows of city 'Boston' are not indexed, since it is not listed: found 2 of the first",
            "cities are listed that no row names: found [Atlantis], in all 1 of 3");
    list("boston, sfbay, Boston");
    assertThat(table.indexer("check-config").out()).doesNotContain("listed,", "are listed");
    assertThat(table.indexer("city", "list").out()).containsPattern("Boston .* no rows yet");
  }

  @Test
  void aCityThatIsListedLaterComesInWhole() throws Exception {
    table.build();
    list("boston, sfbay, Boston");
    table.build();
    assertThat(table.published()).containsEntry("Boston", 2L);
    assertThat(table.indexer("diff").exitCode()).isZero();

    // And so does everything once there is no list.
    table.insert(5, "Atlantis");
    table.build();
    assertThat(table.published()).doesNotContainKey("Atlantis");
    table.configure("cities: auto");
    table.build();
    assertThat(table.published()).containsEntry("Atlantis", 1L);
  }

  @Test
  void aRowThatMovesToACityThatIsNotListedLeavesTheIndex() throws Exception {
    table.build();
    table.sql("UPDATE listing SET city = 'Boston', updated_at = UTC_TIMESTAMP(6) WHERE id = 1");
    table.build();
    assertThat(table.published()).containsEntry("boston", 0L);
    table.sql("UPDATE listing SET city = 'boston', updated_at = UTC_TIMESTAMP(6) WHERE id = 1");
    Run build = table.indexer("build", "--json");
    assertThat(build.out()).contains("1 row of table listing that was read", "such as 3");
    assertThat(table.published()).containsEntry("boston", 1L);
  }

  @Test
  void aCityThatIsNoLongerListedIsEmptiedAndRetiredByForce() throws Exception {
    list("boston, sfbay, Boston");
    table.build();
    assertThat(table.published()).containsEntry("Boston", 2L);
    list("boston, sfbay");
    Run refused = table.indexer("city", "retire", "Boston");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("2 rows of table listing name it", "--force");
    assertThat(table.indexer("city", "list").out()).containsPattern("Boston .* not listed");

    Run retired = table.indexer("city", "retire", "Boston", "--force");
    assertThat(retired.exitCode()).as(retired.err()).isZero();
    assertThat(table.published()).containsOnlyKeys("boston", "sfbay");
    table.build();
    assertThat(table.published()).containsOnlyKeys("boston", "sfbay");
    assertThat(table.indexer("diff").exitCode()).isZero();
  }

  @Test
  void withoutForceAnIdDiffEmptiesIt() throws Exception {
    list("boston, sfbay, Boston");
    table.build();
    list("boston, sfbay");
    table.build();
    assertThat(table.published()).containsEntry("Boston", 0L);
  }

  @Test
  void mistakesInTheListAreNamed() throws Exception {
    table.configure("cities: listed");
    assertThat(table.indexer("check-config", "--offline").err())
        .contains("listed_cities", "cities: listed needs the names");
    table.configure("listed_cities: [a]");
    assertThat(table.indexer("check-config", "--offline").err())
        .contains("only with cities: listed");
    table.configure("cities: some");
    assertThat(table.indexer("check-config", "--offline").err()).contains("auto, listed");
    list("a, a");
    assertThat(table.indexer("check-config", "--offline").err()).contains("'a' is there twice");
    list("x".repeat(300));
    assertThat(table.indexer("check-config", "--offline").err()).contains("takes 300 characters");
  }
}

package freshet.indexer.propose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.indexer.check.CityRows;
import freshet.indexer.check.LiveTable;
import freshet.indexer.inspect.CitySizes;
import freshet.indexer.inspect.InspectException;
import freshet.indexer.inspect.Wishes;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.VersionColumn;
import freshet.indexer.table.VersionColumn.DateTime;
import freshet.indexer.table.VersionColumn.Epoch;
import freshet.indexer.table.VersionColumn.Timestamp;
import freshet.indexer.table.VersionColumn.Unit;
import freshet.replicator.snapshot.KeyType;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Key, version, city and the mark of deleted rows. */
class TableRulesTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Test
  void thePrimaryKeyComesBeforeAnyOther() throws InspectException {
    LiveTable table =
        Tables.indexed(
            Tables.of(
                "t",
                "site char(2) NOT NULL",
                "n bigint(20) unsigned NOT NULL",
                "code binary(16) NOT NULL"),
            Tables.unique("by_code", "code"),
            Tables.unique("PRIMARY", "site", "n"));

    assertThat(KeyRule.key(table, List.of()))
        .containsExactly(
            new KeyColumn("site", KeyType.STRING), new KeyColumn("n", KeyType.BIGINT_UNSIGNED));
    assertThat(KeyRule.key(table, List.of("code")))
        .containsExactly(new KeyColumn("code", KeyType.BINARY));
  }

  @Test
  void withoutAPrimaryKeyAUniqueOneWithoutNullsWillDo() throws InspectException {
    LiveTable table =
        Tables.indexed(
            Tables.of("t", "a int", "b int NOT NULL"),
            Tables.unique("by_a", "a"),
            Tables.unique("by_b", "b"));

    assertThat(KeyRule.key(table, List.of())).containsExactly(new KeyColumn("b", KeyType.BIGINT));
  }

  @Test
  void withoutAnyIndexTheNameMustSayIt() throws InspectException {
    LiveTable table = Tables.indexed(Tables.of("ads", "ad_id int", "title varchar(99)"));

    assertThat(KeyRule.key(table, List.of()))
        .containsExactly(new KeyColumn("ad_id", KeyType.BIGINT));
    LiveTable none = Tables.of("ads", "title varchar(99)", "price decimal(9,2)");
    assertThatThrownBy(() -> KeyRule.key(none, List.of()))
        .hasMessage(
            "table ads has neither a primary key nor a unique one, and no column named like a key: say which columns tell its rows apart: --key-column COLUMN; it has title, price");
    assertThatThrownBy(() -> KeyRule.key(none, List.of("price")))
        .hasMessage(
            "key column price of table ads is decimal(9,2), which can't be in a key: integers, text and binary can. Name other columns that tell rows apart: --key-column COLUMN");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "updated_at datetime(6) NOT NULL | datetime6",
        "modified timestamp NOT NULL | timestamp0",
        "seen timestamp(3) NOT NULL ON UPDATE CURRENT_TIMESTAMP(3) | timestamp3",
        "mtime bigint(20) NOT NULL | millis",
        "updated datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) | berlin"
      })
  void theVersionIsWhatTheServerKeepsOrTheNameSays(String declaration, String expected)
      throws InspectException {
    LiveTable table = Tables.of("t", "id int NOT NULL", "created_at datetime", declaration);
    String name = declaration.substring(0, declaration.indexOf(' '));
    VersionRule.Guess guess =
        new VersionRule(Map.of("mtime", Tables.sample("1700000000000")), BERLIN).guess(table, null);

    assertThat(guess.column())
        .isEqualTo(
            new VersionColumn(
                name,
                switch (expected) {
                  case "datetime6" -> new DateTime(6);
                  case "timestamp0" -> new Timestamp(0);
                  case "timestamp3" -> new Timestamp(3);
                  case "millis" -> new Epoch(Unit.MILLIS);
                  default -> new DateTime(3, BERLIN);
                }));
  }

  @Test
  void citiesThatAreOneAnotherWrittenOtherwiseAreNamed() {
    CitySizes sizes =
        new CitySizes(
            List.of(
                new CityRows("Köln", 90),
                new CityRows("Bonn", 20),
                new CityRows("KÖLN", 3),
                new CityRows(null, 2),
                new CityRows("bonn ", 1)),
            116,
            true);

    assertThat(CityRule.spellings(sizes, "place"))
        .singleElement()
        .satisfies(
            advice -> {
              assertThat(advice.isAdvice()).isTrue();
              assertThat(advice.what()).startsWith("2 of the 5 cities differ");
              assertThat(advice.evidence())
                  .isEqualTo("'KÖLN' (3 rows) beside 'Köln', 'bonn ' (1 row) beside 'Bonn'");
            });
    assertThat(CityRule.spellings(CitySizes.UNKNOWN, "place")).isEmpty();
  }

  @Test
  void aVersionThatIsNotThereIsProposedUnderAFreeName() throws InspectException {
    VersionRule rule = new VersionRule(Map.of(), null);
    VersionRule.Guess first =
        rule.guess(Tables.of("t", "id int NOT NULL", "posted datetime"), null);
    VersionRule.Guess second = rule.guess(Tables.of("t", "updated_at varchar(20)"), null);

    assertThat(first.why()).startsWith("the table has none");
    assertThat(first.column()).isEqualTo(new VersionColumn("updated_at", new Timestamp(6)));
    assertThat(second.column().name()).isEqualTo("freshet_updated_at");
    assertThatThrownBy(() -> rule.guess(Tables.of("t", "name varchar(20)"), "name"))
        .hasMessageStartingWith("--version-column name: it is varchar(20); expected is a DATETIME");
  }

  @Test
  void theCityIsAskedForWhereNoNameSaysIt() throws InspectException {
    LiveTable named = Tables.of("t", "id int NOT NULL", "region varchar(20)", "city point");
    assertThat(CityRule.column(named, Map.of(), null)).isEqualTo("region");
    assertThat(CityRule.column(named, Map.of(), "id")).isEqualTo("id");

    LiveTable unnamed = Tables.of("t", "kind varchar(20)");
    String[] values = new String[40];
    java.util.Arrays.setAll(values, i -> i % 2 == 0 ? "flat" : "house");
    assertThatThrownBy(() -> CityRule.column(unnamed, Map.of("kind", Tables.sample(values)), null))
        .hasMessageContaining("--city-column COLUMN")
        .hasMessageContaining("kind (2 different values)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "deleted_at datetime | `deleted_at` IS NULL",
        "is_deleted tinyint(1) NOT NULL | `is_deleted` = 0",
        "is_deleted tinyint(1) | COALESCE(`is_deleted`, 0) = 0"
      })
  void aMarkOfDeletedRowsIsACondition(String declaration, String expression) {
    assertThat(DeletionRule.searchableIf(Tables.of("t", declaration)))
        .hasValueSatisfying(found -> assertThat(found.expression()).isEqualTo(expression));
  }

  @Test
  void whatMayHideRowsIsOnlySuggested() {
    LiveTable table = Tables.of("t", "status varchar(20) NOT NULL");

    assertThat(DeletionRule.searchableIf(table)).isEmpty();
    assertThat(DeletionRule.perhaps(table, Map.of("status", Tables.sample("active", "sold"))))
        .contains("`status` = 'active'");
    assertThat(DeletionRule.perhaps(table, Map.of("status", Tables.sample("7")))).isEmpty();
  }

  @Test
  void aColumnThatIsNotThereIsRefusedWithTheOneThatWasMeant() {
    LiveTable table = Tables.of("t", "id int NOT NULL", "city varchar(9)");

    assertThatThrownBy(() -> new Wishes("t", "ctiy", List.of(), null, List.of()).check(table))
        .hasMessage(
            "--city-column ctiy: table t has no such column, did you mean city?; it has id, city");
  }
}

package freshet.indexer.check;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.source.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is decided from a table's columns, indexes and definition. */
class LiveTableTest {
  private static LiveTable table(boolean isView, String definition, LiveIndex... indexes) {
    return new LiveTable("listing", isView, Map.of(), List.of(indexes), List.of("id"), definition);
  }

  private static LiveIndex index(String name, boolean isUnique, String... columns) {
    return new LiveIndex(name, List.of(columns), isUnique, true, true);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "datetime(6) | datetime(6) DEFAULT NULL | datetime(6) NOT NULL",
        "timestamp | timestamp NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP"
            + " | timestamp NOT NULL ON UPDATE CURRENT_TIMESTAMP",
        "datetime(3) | datetime(3) DEFAULT current_timestamp(3) COMMENT 'NULL DEFAULT NULL'"
            + " | datetime(3) NOT NULL DEFAULT current_timestamp(3) COMMENT 'NULL DEFAULT NULL'"
      })
  void columnThatMayBeNullIsDeclaredAnewWithAllElse(String type, String declaration, String anew) {
    assertThat(new LiveColumn(type, true, null, null, declaration).notNull()).isEqualTo(anew);
  }

  @Test
  void textIsComparedByteByByteInItsOwnCharacterSet() {
    LiveColumn text =
        new LiveColumn(
            "varchar(36)",
            false,
            "latin1",
            "latin1_swedish_ci",
            "varchar(36) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL DEFAULT 'q'");
    assertThat(text.binary())
        .isEqualTo("varchar(36) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'q'");
  }

  @Test
  void digitsOfADefaultFollowThoseOfTheColumn() {
    LiveColumn coarse =
        new LiveColumn(
            "datetime",
            false,
            null,
            null,
            "datetime NOT NULL DEFAULT current_timestamp() ON UPDATE CURRENT_TIMESTAMP");
    assertThat(coarse.withDigits(6))
        .isEqualTo(
            "datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)");
  }

  @Test
  void indexServesAnOrderOnlyWithAllItsColumnsInFront() {
    List<String> wanted = List.of("updated_at", "id");
    assertThat(table(false, "", index("a", false, "updated_at")).orderedBy(wanted)).hasSize(1);
    assertThat(table(false, "", index("a", false, "updated_at", "id", "x")).orderedBy(wanted))
        .hasSize(1);
    assertThat(table(false, "", index("a", false, "id", "updated_at")).orderedBy(wanted)).isEmpty();
    assertThat(table(false, "", index("a", false, "updated_at", "x")).orderedBy(wanted)).isEmpty();
    assertThat(table(false, "", index("prefix", false, "")).orderedBy(wanted)).isEmpty();
  }

  @Test
  void keyMayHaveMoreColumnsThanWhatMakesItUnique() {
    LiveTable live = table(false, "", index("PRIMARY", true, "id"));
    assertThat(new IndexCheck(live, true).ofKey(List.of("city", "id"))).isEmpty();
  }

  @Test
  void partitionedTableIsNotToldToDoWhatItCannot() {
    LiveTable live = table(false, ") PARTITION BY HASH (`c`)", index("PRIMARY", true, "id", "c"));
    List<Finding> findings = new IndexCheck(live, true).ofKey(List.of("id"));
    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().fix()).startsWith("a partitioned table's unique keys");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "select `a` from `t` | ",
        "select `a where b` from `t` | ",
        "select 'x where y' AS `a` from `t` | ",
        "select (select 1 from `u` where 1) AS `a` from `t` | ",
        "select `a` from `t` where `a` > 0 | select `a` from `t`",
        "select `a` from `t` where (`a` = ' where ') group by `a` | select `a` from `t` group by `a`"
      })
  void viewThatHidesRowsIsMadeAnewWithoutItsCondition(String query, String anew) {
    List<Finding> findings = ViewCheck.of(table(true, query), new Account("'freshet'@'%'", "shop"));
    List<String> expected = new ArrayList<>();
    if (anew != null) {
      expected.add("CREATE OR REPLACE VIEW `listing` AS " + anew);
    }
    assertThat(findings).extracting(Finding::fix).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "ALL, Using where, 1000, true",
    "ALL, Using where, 999, false",
    "range, Using index condition; Using filesort, 5000, true",
    "range, Using index condition, 5000, false",
    "ref|filter, Using rowid filter, 5000 (5%), false",
    "ALL, Using where, 5000 (5%), true",
    "index, Using index, 5000, false"
  })
  void planIsCostlyIfItReadsOrSortsALargeTable(
      String type, String extra, String rows, boolean isCostly) {
    Plan plan = new Plan(List.of(Map.of("type", type, "extra", extra, "rows", rows)));
    assertThat(plan.costly(1_000)).hasSize(isCostly ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "posted > NOW() | true",
        "expires > CURRENT_DATE | true",
        "UNIX_TIMESTAMP( ) < expires | true",
        "id IN (SELECT id FROM other) | true",
        "@x > 1 | true",
        "UNIX_TIMESTAMP(posted) > 5 | false",
        "uuid IS NOT NULL AND rand > 3 | false",
        "mail <> 'NOW() @ it''s' AND `select` = 1 | false",
        "state = \"current_date\" | false"
      })
  void expressionMayDependOnItsRowOnly(String expression, boolean changesByItself) {
    assertThat(ExpressionCheck.changesByItself(expression) != null).isEqualTo(changesByItself);
  }
}

package freshet.indexer.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Named parameters, and where a colon is none. */
class KeysSqlTest {

  private static String table(String sql, int columns, int keys) {
    return KeysSql.parse(sql).asTable(columns, keys);
  }

  @Test
  void theParameterBecomesAListOfQuestionMarks() {
    assertThat(table("SELECT id FROM t WHERE id IN (:keys)", 1, 3))
        .isEqualTo("(SELECT id FROM t WHERE id IN (?,?,?)\n) AS documents");
  }

  @Test
  void aCompositeKeyBecomesTuples() {
    assertThat(table("SELECT a, b FROM t WHERE (a, b) IN (:keys)", 2, 2))
        .isEqualTo("(SELECT a, b FROM t WHERE (a, b) IN ((?,?),(?,?))\n) AS documents");
  }

  @Test
  void itMayOccurSeveralTimes() {
    String union = "SELECT id FROM a WHERE x IN (:keys) UNION SELECT id FROM b WHERE y IN (:keys)";
    assertThat(KeysSql.parse(union).occurrences()).isEqualTo(2);
    assertThat(KeysSql.parse(union)).hasToString(union);
  }

  @Test
  void forNoKeyItIsAStatementOfItsOwnThatYieldsNothing() {
    assertThat(KeysSql.parse("SELECT id FROM t WHERE id IN (:keys) -- of t").ofNoKey(1))
        .isEqualTo("SELECT id FROM t WHERE id IN (NULL) -- of t");
    assertThat(KeysSql.parse("SELECT a FROM t WHERE (a, b) IN (:keys)").ofNoKey(2))
        .isEqualTo("SELECT a FROM t WHERE (a, b) IN ((NULL,NULL))");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT ':no ? ;' AS a, \"it''s \\\" :no\" FROM t WHERE id IN (:keys)",
        "SELECT 'a\\' :no', 'b'' :no' FROM t WHERE id IN (:keys)",
        "SELECT `odd``name :no ?;` FROM t WHERE id IN (:keys)",
        "SELECT 1 -- it's :no; or ?\n FROM t WHERE id IN (:keys)",
        "SELECT 1 # it's :no; or ?\n FROM t WHERE id IN (:keys)",
        "/* it's :no; or ? */ SELECT 1 FROM t WHERE id IN (:keys) -- the end",
        "SELECT @a := 1, 5--2 FROM t WHERE id IN (:keys)",
        "(WITH s AS (SELECT 1) SELECT id FROM t WHERE id IN (:keys))",
        "\n select id from t where id in(:keys)\n"
      })
  void quotesBackticksAndCommentsHoldNoParameter(String sql) {
    assertThat(KeysSql.parse(sql).occurrences()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT id FROM t | the parameter :keys is missing: write WHERE id IN (:keys), so that only"
            + " the rows of some keys are read",
        "SELECT id FROM t WHERE id IN (':keys') | the parameter :keys is missing: write WHERE id IN"
            + " (:keys), so that only the rows of some keys are read",
        "SELECT id FROM t WHERE id IN (:key) | there is no parameter :key; the one that there is is"
            + " :keys, as in WHERE id IN (:keys)",
        "SELECT id FROM t WHERE id IN (:keys) AND x = ? | there is a '?' at line 1, column 46;"
            + " parameters have names here: write :keys",
        "SELECT id FROM t WHERE id IN (:keys); -- done | it ends with a semicolon, at line 1,"
            + " column 37: remove it",
        "SELECT 1; DROP TABLE t | there are several statements, the first ends at line 1, column 9:"
            + " one SELECT is expected",
        "DELETE FROM t WHERE id IN (:keys) | a SELECT is expected, found a statement that begins"
            + " with 'DELETE'",
        "SELECT \"a FROM t WHERE id IN (:keys) | the quote \" at line 1, column 8 is never closed",
        "SELECT 1 /* a FROM t WHERE id IN (:keys) | the comment at line 1, column 10 is never closed"
      })
  void whatIsWrongIsSaidWithPlaceAndFix(String sql, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> KeysSql.parse(sql)).withMessage(message);
  }
}

package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.snapshot.City;
import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void theFirstColumnIsToTheLeftAndFiguresToTheRight() {
    TextTable table = new TextTable("city", "n", "remarks");
    table.row("sfbay", 1234, "");
    table.row("b", 5, "empty");
    assertThat(table.lines())
        .containsExactly("city       n  remarks", "sfbay  1,234", "b          5    empty");
  }

  @Test
  void aNameThatWouldNotBeSeenIsQuoted() {
    assertThat(TextTable.name(new City("São Paulo"))).isEqualTo("São Paulo");
    assertThat(TextTable.name(new City(""))).isEqualTo("\"\"");
    assertThat(TextTable.name(new City("a "))).isEqualTo("\"a \"");
    assertThat(TextTable.name(new City("a\nb"))).isEqualTo("\"a\\nb\"");
    assertThat(TextTable.name(new City("\"a\""))).isEqualTo("\"\\\"a\\\"\"");
  }
}

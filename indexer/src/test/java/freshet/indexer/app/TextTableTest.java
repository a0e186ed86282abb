package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

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
}

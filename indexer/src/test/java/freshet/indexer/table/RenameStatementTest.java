package freshet.indexer.table;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.table.VersionColumn.DateTime;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.KeyType;
import java.util.List;
import org.junit.jupiter.api.Test;

class RenameStatementTest {
  private static final TableSpec TABLE =
      new TableSpec(
          "shop.listing",
          List.of(new KeyColumn("id", KeyType.BIGINT)),
          new VersionColumn("v", new DateTime(6)),
          "town",
          List.of(),
          null);

  @Test
  void itGivesEachRowANewVersionAndTouchesNoOtherSpelling() {
    assertThat(RenameStatement.of(TABLE, new City("sf"), new City("San Francisco")))
        .isEqualTo(
            "UPDATE `shop`.`listing` SET `town` = 'San Francisco', `v` = UTC_TIMESTAMP(6) WHERE"
                + " `town` = 'sf' AND HEX(CONVERT(`town` USING utf8mb4)) = '7366';");
  }

  @Test
  void noNameEndsTheText() {
    assertThat(RenameStatement.of(TABLE, new City("'; --"), new City("é\\")))
        .contains("`town` = CONVERT(x'C3A95C' USING utf8mb4)")
        .contains("WHERE `town` = CONVERT(x'273B202D2D' USING utf8mb4)");
  }
}

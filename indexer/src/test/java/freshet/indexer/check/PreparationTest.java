package freshet.indexer.check;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.source.Finding;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.Tombstones;
import freshet.indexer.table.VersionColumn;
import freshet.replicator.snapshot.KeyType;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a table lacks that is only proposed yet, in the order in which it can be put right. */
class PreparationTest {
  private static final Preparation PREPARATION = new Preparation(true);
  private static final List<KeyColumn> KEY = List.of(new KeyColumn("id", KeyType.BIGINT));
  private static final VersionColumn NEW =
      new VersionColumn("updated_at", new VersionColumn.Timestamp(6));

  private static LiveTable table(String versionType, LiveIndex... indexes) {
    Map<String, LiveColumn> columns = new LinkedHashMap<>();
    columns.put("id", new LiveColumn("int(11)", true, null, null, "int(11) DEFAULT NULL"));
    if (versionType != null) {
      columns.put(
          "updated_at", new LiveColumn(versionType, true, null, null, versionType + " NULL"));
    }
    return new LiveTable("ad", false, columns, List.of(indexes), List.of(), "");
  }

  @Test
  void aTableWithNothingGetsColumnKeyAndIndexInThisOrder() {
    assertThat(PREPARATION.ofTable(table(null), NEW, KEY))
        .extracting(Finding::fix)
        .containsExactly(
            "ALTER TABLE `ad` MODIFY `id` int(11) NOT NULL",
            "ALTER TABLE `ad` ADD COLUMN `updated_at` TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)",
            "ALTER TABLE `ad` ADD UNIQUE (`id`)",
            "CREATE INDEX `freshet_updated_at` ON `ad` (`updated_at`, `id`)");
  }

  @Test
  void rowsWithoutAVersionGetOneBeforeTheColumnForbidsThat() {
    LiveTable live =
        table("timestamp(6)", new LiveIndex("PRIMARY", List.of("id"), true, true, true));

    assertThat(PREPARATION.ofTable(live, NEW, KEY))
        .extracting(Finding::fix)
        .containsSubsequence(
            "UPDATE `ad` SET `updated_at` = CURRENT_TIMESTAMP(6) WHERE `updated_at` IS NULL",
            "ALTER TABLE `ad` MODIFY `updated_at` timestamp(6) NOT NULL");
  }

  @Test
  void deletionsGetATableATriggerAndAGrant() {
    TableSpec table = new TableSpec("ad", KEY, NEW, "city", List.of(), null);
    Tombstones tombstones =
        new Tombstones(
            "ad_deleted",
            List.of("id"),
            new VersionColumn("deleted_at", new VersionColumn.DateTime(6)),
            Duration.ofDays(7));
    Account account = new Account("'app'@'%'", "shop");

    List<Finding> findings =
        PREPARATION.ofTombstones(table, table(null), tombstones, null, false, account);
    assertThat(findings)
        .filteredOn(Finding::isAdvice)
        .extracting(Finding::fix)
        .containsExactly(
            "CREATE EVENT `ad_purge_freshet` ON SCHEDULE EVERY 1 DAY DO DELETE FROM `ad_deleted` WHERE `deleted_at` < UTC_TIMESTAMP(6) - INTERVAL 8 DAY",
            "CREATE TRIGGER `ad_moved_freshet` AFTER UPDATE ON `ad` FOR EACH ROW REPLACE INTO `ad_deleted` (`id`, `deleted_at`) SELECT OLD.`id`, UTC_TIMESTAMP(6) FROM DUAL WHERE (OLD.`id`) <> (NEW.`id`)");
    assertThat(findings)
        .filteredOn(finding -> !finding.isAdvice())
        .extracting(Finding::fix)
        .containsExactly(
            "CREATE TABLE `ad_deleted` (`id` int(11) NOT NULL, `deleted_at` DATETIME(6) NOT NULL, PRIMARY KEY (`deleted_at`, `id`)) COMMENT 'deletions, noted by a trigger'",
            "CREATE TRIGGER `ad_deleted_freshet` AFTER DELETE ON `ad` FOR EACH ROW REPLACE INTO `ad_deleted` (`id`, `deleted_at`) VALUES (OLD.`id`, UTC_TIMESTAMP(6))",
            "GRANT SELECT ON `shop`.`ad_deleted` TO 'app'@'%'");
  }

  @Test
  void tombstonesHaveTheKeyAsItIsToBe() {
    LiveColumn letters =
        new LiveColumn("char(36)", false, "ascii", "ascii_general_ci", "char(36) NOT NULL");
    LiveTable live = new LiveTable("ad", false, Map.of("uid", letters), List.of(), List.of(), "");
    TableSpec table =
        new TableSpec(
            "ad", List.of(new KeyColumn("uid", KeyType.STRING)), NEW, "city", List.of(), null);
    Tombstones tombstones =
        new Tombstones(
            "ad_deleted",
            List.of("uid"),
            new VersionColumn("deleted_at", new VersionColumn.DateTime(6)),
            Duration.ofDays(7));

    assertThat(PREPARATION.ofTombstones(table, live, tombstones, null, true, null))
        .first()
        .extracting(Finding::fix)
        .asString()
        .contains("(`uid` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION | true",
        "GRANT SELECT, INSERT ON `shop`.* TO `app`@`%` | true",
        "GRANT INSERT, SELECT ON `my\\_shop`.* TO `app`@`%` | false",
        "GRANT USAGE ON *.* TO `app`@`%` | false",
        "GRANT SELECT ON `shop`.`ad` TO `app`@`%` | false",
        "GRANT SELECT (`id`) ON `shop`.`ad` TO `app`@`%` | false",
        "GRANT INSERT ON `shop`.* TO `app`@`%` | false"
      })
  void aGrantOnAllTablesSparesTheOneOnTombstones(String printed, boolean expected) {
    assertThat(new Account("'app'@'%'", "shop").grantsAll(printed)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION | true",
        "GRANT SELECT, TRIGGER ON `shop`.* TO `app`@`%` | true",
        "GRANT TRIGGER ON `shop`.`ad` TO `app`@`%` | true",
        "GRANT TRIGGER ON `shop`.`other` TO `app`@`%` | false",
        "GRANT SELECT ON *.* TO `app`@`%` | false"
      })
  void triggersAreSeenByWhoMayMakeThem(String printed, boolean expected) {
    assertThat(new Account("'app'@'%'", "shop").grantsTriggers(printed, "ad")).isEqualTo(expected);
  }
}

package freshet.indexer.propose;

import freshet.indexer.check.LiveColumn;
import freshet.indexer.check.LiveTable;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.Tombstones;
import freshet.indexer.table.VersionColumn;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where deletions are noted, or are to be. Pure. */
final class TombstoneRule {
  private static final Duration KEPT_FOR = Duration.ofDays(7);

  private TombstoneRule() {}

  /** What tables of tombstones are called. */
  static List<String> names(String table) {
    return List.of(
        table + "_deleted", "deleted_" + table, table + "_tombstones", table + "_deletions");
  }

  /** A table that is there and has what is needed, else a new one. */
  static Tombstones tombstones(String table, List<KeyColumn> key, List<LiveTable> existing) {
    List<String> columns = key.stream().map(KeyColumn::name).toList();
    for (LiveTable live : existing) {
      Optional<VersionColumn> version = version(live);
      if (version.isPresent() && columns.stream().allMatch(column -> live.column(column) != null)) {
        return new Tombstones(live.name(), columns, version.get(), KEPT_FOR);
      }
    }
    String free =
        existing.stream().noneMatch(live -> live.name().equalsIgnoreCase(names(table).getFirst()))
            ? names(table).getFirst()
            : table + "_freshet_deleted";
    return new Tombstones(
        free, columns, new VersionColumn("deleted_at", new VersionColumn.DateTime(6)), KEPT_FOR);
  }

  private static Optional<VersionColumn> version(LiveTable live) {
    for (Map.Entry<String, LiveColumn> column : live.columns().entrySet()) {
      int digits = column.getValue().digits();
      switch (column.getValue().baseType()) {
        case "datetime" -> {
          return Optional.of(
              new VersionColumn(column.getKey(), new VersionColumn.DateTime(digits)));
        }
        case "timestamp" -> {
          return Optional.of(
              new VersionColumn(column.getKey(), new VersionColumn.Timestamp(digits)));
        }
        default -> {}
      }
    }
    return Optional.empty();
  }
}

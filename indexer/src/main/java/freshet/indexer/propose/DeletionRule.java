package freshet.indexer.propose;

import freshet.indexer.check.LiveColumn;
import freshet.indexer.check.LiveTable;
import freshet.indexer.inspect.ColumnSample;
import freshet.indexer.session.Sql;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether rows stay when they are deleted, and are only marked. Pure. */
final class DeletionRule {
  private static final List<String> TIMES =
      List.of("deleted_at", "deleted_on", "date_deleted", "removed_at", "deletedat", "archived_at");
  private static final List<String> FLAGS =
      List.of("is_deleted", "deleted", "isdeleted", "is_removed", "removed", "del_flag");
  private static final Set<String> POINTS = Set.of("datetime", "timestamp", "date");
  private static final Set<String> NUMBERS = Set.of("tinyint", "smallint", "int", "bit");
  private static final List<String> SHOWN =
      List.of("is_active", "active", "is_published", "published", "is_visible", "visible");
  private static final List<String> STATES = List.of("status", "state");
  private static final List<String> GOOD_STATES =
      List.of("active", "published", "live", "online", "approved", "available");

  private DeletionRule() {}

  /**
   * What holds for rows that are to be searched.
   *
   * @param column that the expression asks
   * @param expression in SQL
   */
  record Condition(String column, String expression) {}

  /** That a row is not marked as deleted; empty if there is no such mark. */
  static Optional<Condition> searchableIf(LiveTable live) {
    for (String name : TIMES) {
      LiveColumn column = live.column(name);
      if (column != null && POINTS.contains(column.baseType()) && column.isNullable()) {
        return Optional.of(new Condition(name, Sql.name(name) + " IS NULL"));
      }
    }
    for (String name : FLAGS) {
      LiveColumn column = live.column(name);
      if (column != null && NUMBERS.contains(column.baseType())) {
        return Optional.of(new Condition(name, equals(name, column, "0", "0")));
      }
    }
    return Optional.empty();
  }

  /** What may be meant too: that a row is shown. A guess that only a person can confirm. */
  static Optional<String> perhaps(LiveTable live, Map<String, ColumnSample> samples) {
    for (String name : SHOWN) {
      LiveColumn column = live.column(name);
      if (column != null && NUMBERS.contains(column.baseType())) {
        return Optional.of(equals(name, column, "0", "1"));
      }
    }
    for (String name : STATES) {
      LiveColumn column = live.column(name);
      ColumnSample sample = samples.getOrDefault(name, ColumnSample.NONE);
      Optional<String> good = GOOD_STATES.stream().filter(sample::contains).findFirst();
      if (column != null && good.isPresent()) {
        return Optional.of(equals(name, column, "''", "'" + good.get() + "'"));
      }
    }
    return Optional.empty();
  }

  private static String equals(String name, LiveColumn column, String instead, String value) {
    String quoted = Sql.name(name);
    // Of NULL nothing is equal to anything, and check-config would find that.
    String known = column.isNullable() ? "COALESCE(%s, %s)".formatted(quoted, instead) : quoted;
    return known + " = " + value;
  }
}

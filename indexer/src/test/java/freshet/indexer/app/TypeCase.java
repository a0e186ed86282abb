package freshet.indexer.app;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column of one type, the field that it becomes, and values: what a hit returns of each, and a
 * filter that finds it.
 */
final class TypeCase {
  final String row;
  final String type;
  final String field;
  final List<Value> values = new ArrayList<>();
  final List<Bad> bad = new ArrayList<>();
  final List<String> vain = new ArrayList<>();
  @Nullable String sorted;

  /**
   * A value.
   *
   * @param sql makes it
   * @param stored what a hit returns, as text or JSON; null for nothing
   * @param filter finds it, after the field's name; null where nothing does
   */
  record Value(String sql, @Nullable String stored, @Nullable String filter) {}

  /** A value that sets its row aside, and a part of the reason. */
  record Bad(String sql, String reason) {}

  private TypeCase(String row, String type, String field) {
    this.row = row;
    this.type = type;
    this.field = field;
  }

  /**
   * A case.
   *
   * @param row of the table in docs/configuration.md
   * @param type of the column
   * @param field the keys of the field, without name and column
   */
  static TypeCase of(String row, String type, String field) {
    return new TypeCase(row, type, field);
  }

  TypeCase value(String sql, @Nullable String stored, @Nullable String filter) {
    values.add(new Value(sql, stored, filter));
    return this;
  }

  /** A value that is returned and found as this. */
  TypeCase value(String sql, String stored) {
    return value(sql, stored, stored);
  }

  TypeCase setsAside(String sql, String reason) {
    bad.add(new Bad(sql, reason));
    return this;
  }

  /** A filter that finds nothing. */
  TypeCase findsNothingBy(String filter) {
    vain.add(filter);
    return this;
  }

  /** The values in ascending order, by their numbers, from 1. */
  TypeCase sorts(String order) {
    sorted = order;
    return this;
  }

  @Override
  public String toString() {
    return row + ": " + type + " as {" + field + "}";
  }
}

package freshet.indexer.check;

import java.util.ArrayList;
import java.util.List;

/**
 * An index as the server has it.
 *
 * @param name of the index
 * @param columns in lower case; empty text for what serves no order: a prefix of a column, an
 *     expression, a column in descending order
 * @param isUnique whether it keeps values apart
 * @param isTree whether it has an order at all
 * @param isVisible whether the optimiser may use it
 */
public record LiveIndex(
    String name, List<String> columns, boolean isUnique, boolean isTree, boolean isVisible) {

  /** Copies the list. */
  public LiveIndex {
    columns = List.copyOf(columns);
  }

  /**
   * Whether it has all these columns, in this order, before any other.
   *
   * @param appended columns that the storage engine adds at the end, those of the primary key
   */
  boolean isOrderedBy(List<String> wanted, List<String> appended) {
    List<String> all = new ArrayList<>(columns);
    appended.stream().filter(column -> !columns.contains(column)).forEach(all::add);
    return isTree && all.size() >= wanted.size() && all.subList(0, wanted.size()).equals(wanted);
  }

  /** Whether it finds a row, at most one, by these columns. */
  boolean finds(List<String> key) {
    return isUnique && isTree && key.containsAll(columns);
  }

  @Override
  public String toString() {
    return name + columns + (isVisible ? "" : " (hidden)");
  }
}

package freshet.indexer.table;

import freshet.replicator.snapshot.Cursor;
import java.util.ArrayList;
import java.util.List;

/**
 * How large a row's columns are.
 *
 * @param pair version and key of the row
 * @param bytes of each column of its content; 0 for NULL
 */
record RowSizes(Cursor pair, List<Long> bytes) {

  /** Copies the list. */
  RowSizes {
    bytes = List.copyOf(bytes);
  }

  long total() {
    return bytes.stream().mapToLong(Long::longValue).sum();
  }

  /** How a row is read of which no packet holds all columns. */
  sealed interface Step {
    /** These columns fit into one packet. */
    record Together(List<Integer> columns) implements Step {}

    /** This column fits into none. */
    record InPieces(int column) implements Step {}
  }

  /**
   * Splits the columns.
   *
   * @param most bytes of columns that fit into one packet
   */
  List<Step> steps(long most) {
    List<Step> steps = new ArrayList<>();
    List<Integer> together = new ArrayList<>();
    long sum = 0;
    for (int column = 0; column < bytes.size(); column++) {
      long size = bytes.get(column);
      if (size > most) {
        steps.add(new Step.InPieces(column));
        continue;
      }
      if (sum + size > most) {
        steps.add(new Step.Together(List.copyOf(together)));
        together.clear();
        sum = 0;
      }
      together.add(column);
      sum += size;
    }
    if (!together.isEmpty()) {
      steps.add(new Step.Together(List.copyOf(together)));
    }
    return steps;
  }
}

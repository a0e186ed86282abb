package freshet.indexer.app;

import java.util.ArrayList;
import java.util.List;

/** Columns for people: the first one to the left, figures to the right. */
final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();

  /** A table with these headings. */
  TextTable(String... headings) {
    rows.add(List.of(headings));
  }

  /** Adds a row with as many cells as there are headings. */
  void row(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(
          cell instanceof Number number ? "%,d".formatted(number.longValue()) : cell.toString());
    }
    rows.add(row);
  }

  /** Its lines. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        String pad = " ".repeat(widths[i] - row.get(i).length());
        line.append(i == 0 ? row.get(i) + pad : "  " + pad + row.get(i));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}

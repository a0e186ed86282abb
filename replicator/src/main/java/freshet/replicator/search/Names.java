package freshet.replicator.search;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Names that are spelled like another one. */
final class Names {
  private Names() {}

  /** The nearest of the known names by edit distance, nearest first, case aside. */
  static List<String> nearest(String name, Collection<String> known, int atMost) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return known.stream()
        .sorted(
            Comparator.<String>comparingInt(k -> distance(wanted, k.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()))
        .limit(atMost)
        .toList();
  }

  /** Levenshtein's distance over two rows. */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}

package freshet.indexer.session;

import java.util.HashMap;
import java.util.Map;

/**
 * A MariaDB position: the last transaction of each replication domain, written {@code
 * domain-server-sequence} and separated by commas. Within a domain, sequences grow.
 */
final class GtidPosition {
  private GtidPosition() {}

  /** Whether a server at the one position has executed all that the other names. */
  static boolean contains(String whole, String part) {
    Map<String, Long> sequences = sequences(whole);
    return sequences(part).entrySet().stream()
        .allMatch(of -> sequences.getOrDefault(of.getKey(), -1L) >= of.getValue());
  }

  private static Map<String, Long> sequences(String position) {
    Map<String, Long> sequences = new HashMap<>();
    for (String gtid : position.split(",", -1)) {
      String[] parts = gtid.strip().split("-", -1);
      if (parts.length == 3) {
        sequences.merge(parts[0], Long.valueOf(parts[2]), Math::max);
      } else if (!gtid.isBlank()) {
        // Of another kind of server: no MariaDB contains it.
        sequences.put(gtid, Long.MAX_VALUE);
      }
    }
    return sequences;
  }
}

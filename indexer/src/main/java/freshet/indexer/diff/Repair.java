package freshet.indexer.diff;

import freshet.indexer.quarantine.AskedKeys;
import freshet.indexer.route.RoutingTable;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/**
 * Asks the next cycle to read again what differs. The row decides, as in any poll: where it exists
 * it is indexed in its city and leaves all others, else it is a deletion. Writes no index.
 *
 * @param routing folder of the master's routing table, which has to lead to where documents are
 * @param asked takes the keys
 */
public record Repair(Path routing, AskedKeys asked) {
  private static final int LOOKED_UP = 10_000;

  /** Asks. It is on disk when this returns. */
  public void ask(List<Difference> differences) {
    try {
      List<Difference> intruders = differences.stream().filter(Difference::isInTheWay).toList();
      for (int i = 0; i < intruders.size(); i += LOOKED_UP) {
        lead(intruders.subList(i, Math.min(intruders.size(), i + LOOKED_UP)));
      }
      asked.ask(differences.stream().map(Difference::key).distinct().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A deletion goes where the routing table leads. */
  private void lead(List<Difference> intruders) throws IOException {
    Map<DocumentKey, SortedSet<City>> places =
        RoutingTable.look(routing, intruders.stream().map(Difference::key).toList());
    for (Difference one : intruders) {
      if (!places.getOrDefault(one.key(), Collections.emptySortedSet()).contains(one.city())) {
        RoutingTable.distrust(
            routing, "city %s holds document %s".formatted(one.city(), one.key()));
        return;
      }
    }
  }
}

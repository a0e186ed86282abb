package freshet.replicator.snapshot;

import java.util.List;

/**
 * The new index of a city that was built anew.
 *
 * @param city the city
 * @param incarnation the history that begins with it
 * @param files of its segments; more may come until a manifest names it
 */
public record RebuiltCity(City city, Incarnation incarnation, List<FileEntry> files) {
  /** Copies the list. */
  public RebuiltCity {
    files = List.copyOf(files);
  }
}

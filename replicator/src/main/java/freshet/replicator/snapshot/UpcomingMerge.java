package freshet.replicator.snapshot;

import java.util.List;

/**
 * A finished merge that no commit names yet, for slaves to have its files beforehand. It may become
 * void: then no manifest ever names them.
 *
 * @param city the city
 * @param incarnation the history that the files belong to
 * @param files of the merged segment
 */
public record UpcomingMerge(City city, Incarnation incarnation, List<FileEntry> files) {
  /** Copies the list. */
  public UpcomingMerge {
    files = List.copyOf(files);
  }
}

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
    if (files.isEmpty()) {
      throw new IllegalArgumentException("a merge of city %s has no files".formatted(city));
    }
  }

  /** By which a slave says that it has the segment. */
  public String id() {
    return id(city.folder(), files.getFirst().segment());
  }

  /**
   * The same of a merge that is not announced yet.
   *
   * @param folder name of the city's folder
   * @param segment name of the merged segment
   */
  public static String id(String folder, String segment) {
    return folder + "/" + segment;
  }
}

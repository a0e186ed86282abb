package freshet.replicator.snapshot;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A finished merge that no commit names yet, for slaves to have its files beforehand. It may become
 * void: then no manifest ever names them.
 *
 * @param city the city
 * @param incarnation the history that the files belong to
 * @param files of the merged segment
 * @param recipe the file beside them that holds the {@link MergeRecipe}; null if there is none
 */
public record UpcomingMerge(
    City city, Incarnation incarnation, List<FileEntry> files, @Nullable FileEntry recipe) {
  /** Copies the list. */
  public UpcomingMerge {
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("a merge of city %s has no files".formatted(city));
    }
  }

  /** The files, and the recipe beside them. */
  public List<FileEntry> filesAndRecipe() {
    List<FileEntry> all = new ArrayList<>(files);
    if (recipe != null) {
      all.add(recipe);
    }
    return all;
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

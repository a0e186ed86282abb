package freshet.replicator.publish;

import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.RebuiltCities;
import java.nio.file.Path;

/**
 * Indexes that were built anew, beside the working ones, which they will take the place of.
 *
 * @param folder with a folder for each city, on the repository's file system
 * @param cities with the files that are there, which are complete and synced
 * @param digest of that list
 */
public record RebuiltIndexes(Path folder, RebuiltCities cities, Digest digest) {
  /** In this folder. */
  public RebuiltIndexes(Path folder, RebuiltCities cities) {
    this(folder, cities, cities.digest());
  }

  Path folder(City city) {
    return folder.resolve(city.folder());
  }
}

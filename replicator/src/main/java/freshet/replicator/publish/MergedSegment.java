package freshet.replicator.publish;

import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.MergeRecipe;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A merged segment of a city's working index that no commit names yet.
 *
 * @param city the city
 * @param incarnation the history that the working index says it continues
 * @param folder of the working index, on the repository's file system
 * @param files of the segment, which are complete and synced
 * @param recipe by which it can be merged again; null if none is known
 */
public record MergedSegment(
    City city,
    Incarnation incarnation,
    Path folder,
    List<FileEntry> files,
    @Nullable MergeRecipe recipe) {
  /** Copies the list. */
  public MergedSegment {
    files = List.copyOf(files);
  }
}

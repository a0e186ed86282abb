package freshet.indexer.merge;

import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.MergeRecipe;
import freshet.replicator.snapshot.UpcomingMerge;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A merge whose segment is complete and durable, and that no commit names yet.
 *
 * @param index whose it is: a city's folder name
 * @param files of the segment, in the index's folder
 * @param recipe by which it can be merged again; null if none is known
 */
public record FinishedMerge(String index, List<FileEntry> files, @Nullable MergeRecipe recipe) {
  /** Copies the list. */
  public FinishedMerge {
    files = List.copyOf(files);
  }

  /** By which slaves call it. */
  String id() {
    return UpcomingMerge.id(index, files.getFirst().segment());
  }
}

package freshet.replicator.pull;

import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.MergeRecipe;
import java.util.List;
import java.util.Map;

/**
 * How files of a merged segment are made here.
 *
 * @param folder relative name of the folder that they belong to
 * @param merges to run, in this order; the last one makes the segment
 * @param links files of sources that are here: the name in that folder to the relative name here
 * @param fetches files of sources that are not
 * @param outputs files of the segment that are wanted
 */
record Replay(
    String folder,
    List<MergeRecipe> merges,
    Map<String, String> links,
    List<FileEntry> fetches,
    List<FileEntry> outputs) {
  /** Copies the collections. */
  Replay {
    merges = List.copyOf(merges);
    links = Map.copyOf(links);
    fetches = List.copyOf(fetches);
    outputs = List.copyOf(outputs);
  }

  /** The merged segment. */
  String segment() {
    return merges.getLast().segment();
  }

  long bytesToFetch() {
    return fetches.stream().mapToLong(FileEntry::length).sum();
  }

  /** Bytes of the wanted files. */
  long bytes() {
    return outputs.stream().mapToLong(FileEntry::length).sum();
  }
}

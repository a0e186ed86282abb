package freshet.indexer.merge;

import freshet.replicator.snapshot.UpcomingMerge;
import java.util.List;
import org.apache.lucene.index.IndexFileNames;

/**
 * A merge whose segment is complete and durable, and that no commit names yet.
 *
 * @param index whose it is: a city's folder name
 * @param files of the segment, in the index's folder
 */
public record FinishedMerge(String index, List<String> files) {
  /** Copies the list. */
  public FinishedMerge {
    files = List.copyOf(files);
  }

  /** By which slaves call it. */
  String id() {
    return UpcomingMerge.id(index, IndexFileNames.parseSegmentName(files.getFirst()));
  }
}

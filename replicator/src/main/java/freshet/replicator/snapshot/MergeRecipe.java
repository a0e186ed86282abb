package freshet.replicator.snapshot;

import java.util.List;

/**
 * How a merged segment can be made again from segments that a slave has. Reserved: this version
 * writes none, and readers that don't know replay fetch the files.
 *
 * @param segment the merged segment's name
 * @param sources names of the segments that it was merged from, in order
 * @param fingerprint what determined the bytes: Lucene, codec, deflate implementation
 */
public record MergeRecipe(String segment, List<String> sources, String fingerprint) {
  /** Copies the list. */
  public MergeRecipe {
    sources = List.copyOf(sources);
  }
}

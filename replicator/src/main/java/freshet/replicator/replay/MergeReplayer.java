package freshet.replicator.replay;

import freshet.replicator.snapshot.DeletedDocuments;
import freshet.replicator.snapshot.MergeRecipe;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.index.SegmentMergeReplay;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * Merges again, into a folder that has the files of the sources and nothing of the result. Whether
 * the bytes are those of the original is for the caller to compare.
 */
public final class MergeReplayer {
  private MergeReplayer() {}

  /**
   * Runs a recipe. The folder then has the merged segment's files, not synced; a later recipe may
   * name it as a source.
   *
   * @throws IOException if a source is missing or damaged, or the disk fails
   */
  public static void replay(MergeRecipe recipe, Path folder) throws IOException {
    MergeCodec codec =
        MergeCodec.of(recipe.fingerprint())
            .orElseThrow(
                () ->
                    new IOException(
                        "segment %s was merged by '%s', which this host does not have"
                            .formatted(recipe.segment(), recipe.fingerprint())));
    try (Directory directory = FSDirectory.open(folder)) {
      SegmentMergeReplay.run(
          directory,
          codec.codec(),
          recipe.sources().stream().map(MergeReplayer::source).toList(),
          recipe.segment(),
          recipe.id(),
          recipe.compound());
    } catch (RuntimeException e) {
      // Damaged sources make Lucene read beyond what is there.
      throw new IOException(
          "the merge of segment %s could not be replayed: %s".formatted(recipe.segment(), e), e);
    }
  }

  private static SegmentMergeReplay.Source source(MergeRecipe.Source source) {
    String deleted = source.deleted();
    return new SegmentMergeReplay.Source(
        source.segment(),
        source.id(),
        deleted == null ? null : DeletedDocuments.read(deleted, source.documents()));
  }
}

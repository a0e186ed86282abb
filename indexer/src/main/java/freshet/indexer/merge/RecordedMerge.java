package freshet.indexer.merge;

import freshet.replicator.snapshot.DeletedDocuments;
import freshet.replicator.snapshot.FormatVersion;
import freshet.replicator.snapshot.MergeRecipe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.index.SegmentInfo;
import org.apache.lucene.index.SegmentReader;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/**
 * A merge that notes what it reads: Lucene shows each source to {@link #wrapForMerge} as it is when
 * the merge begins. What is deleted then may be in no commit, before or after.
 */
final class RecordedMerge extends MergePolicy.OneMerge {
  private final List<MergeRecipe.Source> sources = new ArrayList<>();
  private boolean isRepeatable = true;

  RecordedMerge(List<SegmentCommitInfo> segments) {
    super(segments);
  }

  @Override
  public CodecReader wrapForMerge(CodecReader reader) throws IOException {
    CodecReader wrapped = super.wrapForMerge(reader);
    if (wrapped instanceof SegmentReader segment && !segment.getSegmentInfo().hasFieldUpdates()) {
      SegmentInfo info = segment.getSegmentInfo().info;
      sources.add(
          new MergeRecipe.Source(
              info.name, hex(info.getId()), info.maxDoc(), deleted(segment), List.of()));
    } else {
      isRepeatable = false;
    }
    return wrapped;
  }

  /** How to make the merged segment again, once it is complete; empty if that is not known. */
  Optional<MergeRecipe> recipe(String fingerprint) {
    SegmentCommitInfo merged = getMergeInfo();
    if (merged == null || !isRepeatable || sources.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new MergeRecipe(
            FormatVersion.CURRENT,
            merged.info.name,
            hex(merged.info.getId()),
            merged.info.getUseCompoundFile(),
            fingerprint,
            sources));
  }

  private static @Nullable String deleted(SegmentReader segment) {
    Bits live = segment.getLiveDocs();
    if (live == null) {
      return null;
    }
    BitSet deleted = new BitSet(live.length());
    for (int document = 0; document < live.length(); document++) {
      if (!live.get(document)) {
        deleted.set(document);
      }
    }
    return DeletedDocuments.write(deleted);
  }

  private static String hex(byte[] id) {
    return HexFormat.of().formatHex(id);
  }
}

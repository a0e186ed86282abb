package freshet.indexer.merge;

import java.io.IOException;
import org.apache.lucene.index.FilterMergePolicy;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.index.MergeTrigger;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.TieredMergePolicy;
import org.jspecify.annotations.Nullable;

/**
 * Finds merges only for {@code IndexWriter.maybeMerge()}, and for the end of a merge, which may
 * make another one due. A flush, a commit or an opened reader never starts one: whoever publishes a
 * fresh commit would wait for it otherwise.
 */
public final class OnRequestMergePolicy extends FilterMergePolicy {
  private static final double MAX_COMPOUND_MEGABYTES = 64;

  private OnRequestMergePolicy(MergePolicy tiered) {
    super(tiered);
  }

  /** A new policy of these options; each writer has its own. */
  public static MergePolicy of(MergeOptions options) {
    TieredMergePolicy tiered = new TieredMergePolicy();
    tiered.setSegmentsPerTier(options.segmentsPerTier());
    tiered.setFloorSegmentMB(options.floorMegabytes());
    tiered.setMaxMergedSegmentMB(options.maxMergedMegabytes());
    // A segment in one file takes one mapping of a slave's address space instead of twelve.
    tiered.setNoCFSRatio(1);
    tiered.setMaxCFSSegmentSizeMB(MAX_COMPOUND_MEGABYTES);
    return new OnRequestMergePolicy(tiered);
  }

  @Override
  public @Nullable MergeSpecification findMerges(
      @Nullable MergeTrigger trigger, SegmentInfos segments, MergeContext context)
      throws IOException {
    return trigger == MergeTrigger.EXPLICIT || trigger == MergeTrigger.MERGE_FINISHED
        ? super.findMerges(trigger, segments, context)
        : null;
  }

  @Override
  public @Nullable MergeSpecification findFullFlushMerges(
      MergeTrigger trigger, SegmentInfos segments, MergeContext context) {
    return null;
  }
}

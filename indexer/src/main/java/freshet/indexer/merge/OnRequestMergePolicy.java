package freshet.indexer.merge;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.lucene.index.FilterMergePolicy;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.index.MergeTrigger;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.util.InfoStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds a merge only for {@code IndexWriter.maybeMerge()} within a turn, and one alone: the
 * smallest. A flush, a commit or an opened reader never starts one: whoever publishes a fresh
 * commit would wait for it otherwise.
 */
final class OnRequestMergePolicy extends FilterMergePolicy {
  private static final double MAX_COMPOUND_MEGABYTES = 64;
  private static final double KILOBYTES = 1024;

  /** Beyond this share of deleted documents Lucene merges for their sake, at 20 by default. */
  private static final double DELETES_PERCENT = 33;

  private final Supplier<@Nullable MergeTurn> turns;

  private OnRequestMergePolicy(MergePolicy tiered, Supplier<@Nullable MergeTurn> turns) {
    super(tiered);
    this.turns = turns;
  }

  static OnRequestMergePolicy of(MergeOptions options, Supplier<@Nullable MergeTurn> turns) {
    TieredMergePolicy tiered = new TieredMergePolicy();
    tiered.setSegmentsPerTier(options.segmentsPerTier());
    tiered.setFloorSegmentMB(options.floorKilobytes() / KILOBYTES);
    tiered.setDeletesPctAllowed(DELETES_PERCENT);
    tiered.setMaxMergedSegmentMB(options.maxMergedMegabytes());
    // A segment in one file takes one mapping of a slave's address space instead of twelve.
    tiered.setNoCFSRatio(1);
    tiered.setMaxCFSSegmentSizeMB(MAX_COMPOUND_MEGABYTES);
    return new OnRequestMergePolicy(tiered, turns);
  }

  /** Bytes of the smallest merge that is due in a commit. */
  OptionalLong due(SegmentInfos commit) throws IOException {
    Due due = smallest(super.findMerges(MergeTrigger.EXPLICIT, commit, new Committed()));
    return due == null ? OptionalLong.empty() : OptionalLong.of(due.bytes);
  }

  @Override
  public @Nullable MergeSpecification findMerges(
      @Nullable MergeTrigger trigger, SegmentInfos segments, MergeContext context)
      throws IOException {
    MergeTurn turn = turns.get();
    if (turn == null
        || (trigger != MergeTrigger.EXPLICIT && trigger != MergeTrigger.MERGE_FINISHED)) {
      return null;
    }
    Due due = smallest(super.findMerges(trigger, segments, context));
    OptionalLong bytes = due == null ? OptionalLong.empty() : OptionalLong.of(due.bytes);
    if (trigger == MergeTrigger.MERGE_FINISHED) {
      turn.merged(bytes);
      return null;
    }
    if (due == null || !turn.admits(due.bytes)) {
      turn.declined(bytes);
      return null;
    }
    MergeSpecification one = new MergeSpecification();
    one.add(new RecordedMerge(due.merge.segments));
    return one;
  }

  @Override
  public @Nullable MergeSpecification findFullFlushMerges(
      MergeTrigger trigger, SegmentInfos segments, MergeContext context) {
    return null;
  }

  private record Due(OneMerge merge, long bytes) {}

  private static @Nullable Due smallest(@Nullable MergeSpecification found) throws IOException {
    Due smallest = null;
    if (found != null) {
      for (OneMerge merge : found.merges) {
        long bytes = 0;
        for (SegmentCommitInfo segment : merge.segments) {
          bytes += segment.sizeInBytes();
        }
        if (smallest == null || bytes < smallest.bytes) {
          smallest = new Due(merge, bytes);
        }
      }
    }
    return smallest;
  }

  /** A commit as it lies on disk, where nothing is being merged. */
  private record Committed() implements MergeContext {
    @Override
    public int numDeletesToMerge(SegmentCommitInfo segment) {
      return segment.getDelCount();
    }

    @Override
    public int numDeletedDocs(SegmentCommitInfo segment) {
      return segment.getDelCount();
    }

    @Override
    public InfoStream getInfoStream() {
      return InfoStream.NO_OUTPUT;
    }

    @Override
    public Set<SegmentCommitInfo> getMergingSegments() {
      return Set.of();
    }
  }
}

package freshet.indexer.merge;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
  private final BiConsumer<SegmentInfos, OptionalLong> merged;

  private OnRequestMergePolicy(
      MergePolicy tiered,
      Supplier<@Nullable MergeTurn> turns,
      BiConsumer<SegmentInfos, OptionalLong> merged) {
    super(tiered);
    this.turns = turns;
    this.merged = merged;
  }

  /**
   * Of an index that is merged like this.
   *
   * @param turns whose merge is wanted now
   * @param merged told of the segments once a merge is among them, and what is due then
   */
  static OnRequestMergePolicy of(
      MergeOptions options,
      Supplier<@Nullable MergeTurn> turns,
      BiConsumer<SegmentInfos, OptionalLong> merged) {
    TieredMergePolicy tiered = new TieredMergePolicy();
    tiered.setSegmentsPerTier(options.segmentsPerTier());
    tiered.setFloorSegmentMB(options.floorKilobytes() / KILOBYTES);
    tiered.setDeletesPctAllowed(DELETES_PERCENT);
    tiered.setMaxMergedSegmentMB(options.maxMergedMegabytes());
    // A segment in one file takes one mapping of a slave's address space instead of twelve.
    tiered.setNoCFSRatio(1);
    tiered.setMaxCFSSegmentSizeMB(MAX_COMPOUND_MEGABYTES);
    return new OnRequestMergePolicy(tiered, turns, merged);
  }

  /** Bytes of the smallest merge that is due in a commit, beside those of these segments. */
  OptionalLong due(SegmentInfos commit, Set<String> merging) throws IOException {
    Set<SegmentCommitInfo> taken =
        commit.asList().stream()
            .filter(segment -> merging.contains(segment.info.name))
            .collect(Collectors.toSet());
    return bytes(smallest(super.findMerges(MergeTrigger.EXPLICIT, commit, new Committed(taken))));
  }

  @Override
  public @Nullable MergeSpecification findMerges(
      @Nullable MergeTrigger trigger, SegmentInfos segments, MergeContext context)
      throws IOException {
    if (trigger == MergeTrigger.MERGE_FINISHED) {
      merged.accept(segments, bytes(smallest(super.findMerges(trigger, segments, context))));
      return null;
    }
    MergeTurn turn = turns.get();
    if (trigger != MergeTrigger.EXPLICIT || turn == null) {
      return null;
    }
    Due due = smallest(super.findMerges(trigger, segments, context));
    if (due == null || !turn.admits(due.bytes)) {
      turn.declined(bytes(due));
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

  private static OptionalLong bytes(@Nullable Due due) {
    return due == null ? OptionalLong.empty() : OptionalLong.of(due.bytes);
  }

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

  /** A commit as it lies on disk, and which of its segments are being merged. */
  private record Committed(Set<SegmentCommitInfo> merging) implements MergeContext {
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
      return merging;
    }
  }
}

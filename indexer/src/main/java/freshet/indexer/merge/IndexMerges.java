package freshet.indexer.merge;

import freshet.replicator.snapshot.MergeRecipe;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.index.MergeScheduler;
import org.apache.lucene.index.MergeTrigger;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.jspecify.annotations.Nullable;

/**
 * The merges of one index, by whichever writer is open on it. They run one at a time, on the thread
 * that calls {@link #run} and at no other time, and what they write is paced by their turn.
 */
public final class IndexMerges {
  private final OnRequestMergePolicy policy;
  private final Scheduler scheduler = new Scheduler();
  private final String fingerprint;
  private final LatestRecipes recipes = new LatestRecipes();
  private volatile @Nullable MergeTurn turn;

  /** What is being merged in it. */
  private volatile MergePolicy.@Nullable OneMerge current;

  /**
   * Of an index that is merged like this.
   *
   * @param fingerprint of how its segments are written, for its recipes
   */
  public IndexMerges(MergeOptions options, String fingerprint) {
    this.policy = OnRequestMergePolicy.of(options, () -> turn);
    this.fingerprint = fingerprint;
  }

  /** How the latest merges can be made again, in their order; not all of them are in a commit. */
  public List<MergeRecipe> recipes() {
    return recipes.all();
  }

  /** Makes a writer that is about to be opened on the index merge like this. */
  public void configure(IndexWriterConfig config) {
    config.setMergePolicy(policy);
    config.setMergeScheduler(scheduler);
    // Otherwise a commit would wait for merges.
    config.setMaxFullFlushMergeWaitMillis(0);
  }

  /** How many bytes the smallest merge has that is due after a commit; empty if none is. */
  public OptionalLong due(SegmentInfos commit) throws IOException {
    return policy.due(commit);
  }

  /** Runs the smallest merge that is due, if its size is admitted. */
  public void run(IndexWriter writer, MergeTurn ownTurn) throws IOException {
    turn = ownTurn;
    try {
      writer.maybeMerge();
    } finally {
      turn = null;
    }
  }

  /**
   * Notes how the merged segment can be made again, and holds the merge back for as long as it is
   * to be advertised before it enters the index. For the writer's merged-segment warmer, which
   * Lucene calls on the thread that merges.
   *
   * @param files of the merged segment, which are durable
   */
  public void finished(Collection<String> files, long bytes) throws IOException {
    MergeTurn own = turn;
    MergePolicy.OneMerge merge = current;
    if (own != null && merge instanceof RecordedMerge recorded) {
      Optional<MergeRecipe> recipe = recorded.recipe(fingerprint);
      recipe.ifPresent(recipes::add);
      own.finished(merge, files, bytes, recipe.orElse(null));
    }
  }

  private final class Scheduler extends MergeScheduler {
    @Override
    public void merge(MergeSource source, MergeTrigger trigger) throws IOException {
      if (trigger != MergeTrigger.EXPLICIT) {
        return;
      }
      for (MergePolicy.OneMerge merge = source.getNextMerge();
          merge != null;
          merge = source.getNextMerge()) {
        current = merge;
        try {
          source.merge(merge);
        } finally {
          current = null;
        }
      }
    }

    @Override
    public Directory wrapForMerge(MergePolicy.OneMerge merge, Directory in) {
      MergeTurn own = turn;
      return own == null ? in : paced(in, merge, own);
    }

    @Override
    public void close() {}
  }

  private static Directory paced(Directory in, MergePolicy.OneMerge merge, MergeTurn turn) {
    return new FilterDirectory(in) {
      @Override
      public IndexOutput createOutput(String name, IOContext context) throws IOException {
        return new PacedOutput(super.createOutput(name, context), merge, turn);
      }

      @Override
      public IndexOutput createTempOutput(String prefix, String suffix, IOContext context)
          throws IOException {
        return new PacedOutput(super.createTempOutput(prefix, suffix, context), merge, turn);
      }
    };
  }
}

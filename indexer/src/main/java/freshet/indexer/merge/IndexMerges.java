package freshet.indexer.merge;

import freshet.replicator.snapshot.MergeRecipe;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.index.MergeScheduler;
import org.apache.lucene.index.MergeTrigger;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.jspecify.annotations.Nullable;

/**
 * The merges of one index, by whichever writer is open on it. Each runs on the thread that calls
 * {@link #run} and at no other time, and what it writes is paced by its turn. Several may run at
 * one time, of other segments each: the small ones need not wait for one that takes hours.
 * Thread-safe.
 */
public final class IndexMerges {
  private final OnRequestMergePolicy policy;
  private final Scheduler scheduler = new Scheduler();
  private final ReentrantLock choosing = new ReentrantLock();
  private final Map<MergePolicy.OneMerge, MergeTurn> running = new ConcurrentHashMap<>();
  private final String fingerprint;
  private final LatestRecipes recipes = new LatestRecipes();

  /** Whose merge is being chosen, and what was; guarded by {@link #choosing}. */
  private @Nullable MergeTurn asking;

  private @Nullable Chosen chosen;

  private record Chosen(MergeScheduler.MergeSource source, MergePolicy.OneMerge merge) {}

  /**
   * Of an index that is merged like this.
   *
   * @param fingerprint of how its segments are written, for its recipes
   */
  public IndexMerges(MergeOptions options, String fingerprint) {
    this.policy = OnRequestMergePolicy.of(options, () -> asking, this::merged);
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

  /**
   * How many bytes the smallest merge has that is due after a commit, beside those that run; empty
   * if none is.
   */
  public OptionalLong due(SegmentInfos commit) throws IOException {
    Set<String> merging = new HashSet<>();
    running.keySet().forEach(one -> one.segments.forEach(from -> merging.add(from.info.name)));
    return policy.due(commit, merging);
  }

  /** Runs the smallest merge that is due, if its size is admitted. */
  public void run(IndexWriter writer, MergeTurn turn) throws IOException {
    Chosen one = choose(writer, turn);
    if (one != null) {
      try {
        one.source.merge(one.merge);
      } finally {
        running.remove(one.merge);
      }
    }
  }

  private @Nullable Chosen choose(IndexWriter writer, MergeTurn turn) throws IOException {
    choosing.lock();
    try {
      asking = turn;
      writer.maybeMerge();
      return chosen;
    } finally {
      asking = null;
      chosen = null;
      choosing.unlock();
    }
  }

  /**
   * Notes how the merged segment can be made again, and holds the merge back for as long as it is
   * to be advertised before it enters the index. For the writer's merged-segment warmer, which
   * Lucene calls on the thread that merges.
   *
   * @param segment that was merged, whose files are durable
   */
  public void finished(SegmentCommitInfo segment) throws IOException {
    for (Map.Entry<MergePolicy.OneMerge, MergeTurn> one : running.entrySet()) {
      SegmentCommitInfo made = one.getKey().getMergeInfo();
      if (made != null
          && made.info.name.equals(segment.info.name)
          && one.getKey() instanceof RecordedMerge merge) {
        Optional<MergeRecipe> recipe = merge.recipe(fingerprint);
        recipe.ifPresent(recipes::add);
        one.getValue().finished(merge, segment, recipe.orElse(null));
        return;
      }
    }
  }

  /** Tells the merge that has just entered the index, which has none of its segments any more. */
  private void merged(SegmentInfos segments, OptionalLong due) {
    running.forEach(
        (merge, turn) -> {
          if (merge.segments.stream().noneMatch(segments.asList()::contains)) {
            turn.merged(due);
          }
        });
  }

  private final class Scheduler extends MergeScheduler {
    @Override
    public void merge(MergeSource source, MergeTrigger trigger) {
      MergeTurn turn = asking;
      MergePolicy.OneMerge next =
          trigger == MergeTrigger.EXPLICIT && turn != null ? source.getNextMerge() : null;
      if (next != null && turn != null) {
        running.put(next, turn);
        chosen = new Chosen(source, next);
      }
    }

    @Override
    public Directory wrapForMerge(MergePolicy.OneMerge merge, Directory in) {
      MergeTurn turn = running.get(merge);
      return turn == null ? in : paced(in, merge, turn);
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

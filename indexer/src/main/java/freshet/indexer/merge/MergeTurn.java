package freshet.indexer.merge;

import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.MergeRecipe;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.util.ThreadInterruptedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One merge of one index, from its beginning to its end. Made by {@link MergeQueue}. */
public final class MergeTurn {
  private static final Logger LOG = LoggerFactory.getLogger(MergeTurn.class);

  /** How long a pause lasts before it is looked whether it is over, for other clocks than ours. */
  private static final long LOOK_AGAIN_NANOS = 50_000_000;

  private final MergeQueue queue;
  private final String index;
  private final MergeRule.Candidate candidate;
  private final Time time;
  private final long beganNanos;
  private final AtomicLong written = new AtomicLong();
  private volatile OptionalLong next = OptionalLong.empty();
  private volatile boolean hasMerged;
  private volatile boolean isComplete;

  MergeTurn(MergeQueue queue, String index, MergeRule.Candidate candidate, Time time) {
    this.queue = queue;
    this.index = index;
    this.candidate = candidate;
    this.time = time;
    this.beganNanos = time.nanoTime();
  }

  MergeRule.Candidate candidate() {
    return candidate;
  }

  /** Whose merge it is: a city's folder name. */
  String index() {
    return index;
  }

  long written() {
    return written.get();
  }

  long beganNanos() {
    return beganNanos;
  }

  /** The smallest merge that is due in the index after this one, in bytes. */
  OptionalLong next() {
    return next;
  }

  /** Whether its segment is complete and waits for having been advertised. */
  boolean isComplete() {
    return isComplete;
  }

  /**
   * Whether a merge of this size may begin now. One that has turned out to be much larger than what
   * was queued may not: it would come before those that are smaller.
   */
  boolean admits(long bytes) {
    return bytes <= 2 * candidate.bytes() && queue.admits(bytes);
  }

  /** Whether a merge was made. */
  public boolean hasMerged() {
    return hasMerged;
  }

  /** Notes that none was, and what is due. */
  void declined(OptionalLong due) {
    next = due;
  }

  /** Notes that one was, and what is due after it. */
  void merged(OptionalLong due) {
    hasMerged = true;
    next = due;
  }

  /** How many bytes to write before the next {@link #wrote}. */
  long step() {
    return queue.budget().step();
  }

  /**
   * Takes a write into account, then waits as long as the budget and smaller merges want it.
   *
   * @throws MergePolicy.MergeAbortedException at once when the merge's writer is being closed, or
   *     when the hours of big merges end: Lucene throws away what was merged and goes on, and the
   *     merge waits for the next hours
   */
  void wrote(MergePolicy.OneMerge merge, long bytes) throws IOException {
    written.addAndGet(bytes);
    queue.wrote(bytes);
    merge.checkAborted();
    stopOutOfHours();
    for (long nanos = nanosToWait(); nanos > 0; nanos = nanosToWait()) {
      pause(merge, nanos);
      stopOutOfHours();
    }
  }

  /**
   * Waits until the merged segment has been advertised for long enough, if that is wanted of it.
   *
   * @param segment whose files are durable
   * @param recipe by which it can be merged again; null if none is known
   * @throws MergePolicy.MergeAbortedException at once when the merge's writer is being closed
   */
  void finished(MergePolicy.OneMerge merge, SegmentCommitInfo segment, @Nullable MergeRecipe recipe)
      throws IOException {
    FinishedMerges finished = queue.finished();
    long bytes = segment.sizeInBytes();
    if (!finished.mayWait(bytes)) {
      return;
    }
    // Here, where nobody waits for it: no cycle is to read gigabytes.
    List<FileEntry> files = SegmentFiles.digested(segment, merge::checkAborted);
    FinishedMerge own = new FinishedMerge(index, files, recipe);
    if (!finished.add(own, bytes)) {
      return;
    }
    isComplete = true;
    try {
      while (!finished.mayEnter(own)) {
        pause(merge, LOOK_AGAIN_NANOS);
      }
    } finally {
      finished.remove(own);
    }
  }

  private static void pause(MergePolicy.OneMerge merge, long nanos) throws IOException {
    try {
      merge
          .getMergeProgress()
          .pauseNanos(
              Math.min(nanos, LOOK_AGAIN_NANOS),
              MergePolicy.OneMergeProgress.PauseReason.PAUSED,
              () -> true);
    } catch (InterruptedException e) {
      throw new ThreadInterruptedException(e);
    }
    merge.checkAborted();
  }

  /**
   * A pause until the next hours would keep the small segments of the same index waiting, which a
   * new commit adds to every second.
   */
  private void stopOutOfHours() throws MergePolicy.MergeAbortedException {
    if (!queue.admits(candidate.bytes())) {
      LOG.info(
          "index {}: the merge of {} bytes stops after {}: its hours are over, it begins again in the next ones",
          index,
          candidate.bytes(),
          time.since(beganNanos));
      declined(OptionalLong.of(candidate.bytes()));
      throw new MergePolicy.MergeAbortedException("the hours of big merges are over");
    }
  }

  private long nanosToWait() {
    return queue.mayGoOn(candidate)
        ? queue.budget().nanosToWait(time.nanoTime())
        : LOOK_AGAIN_NANOS;
  }
}

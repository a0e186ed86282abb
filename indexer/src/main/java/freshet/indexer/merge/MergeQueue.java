package freshet.indexer.merge;

import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.apache.lucene.store.AlreadyClosedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the merges of all indexes within one budget of threads and bytes, see {@link MergeRule}. An
 * index waits at most once, with the smallest merge that is due beside those that run, so that the
 * queue is never longer than there are indexes; a turn runs one merge, and the index then waits
 * with its next one. A merge that fails leaves its index as it was and is tried again after a
 * minute. Thread-safe.
 */
public final class MergeQueue implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MergeQueue.class);
  private static final long LOOK_AGAIN_MILLIS = 50;
  private static final Duration RETRY = Duration.ofMinutes(1);

  /** The merges of one index. */
  public interface Job {
    /** Bytes of the smallest merge that is due as of the last commit; empty if none is. */
    OptionalLong due() throws IOException;

    /**
     * Runs one.
     *
     * @throws AlreadyClosedException if the index was closed meanwhile: the merge is void
     */
    void run(MergeTurn turn) throws IOException;
  }

  private record Entry(
      String index, Job job, MergeRule.Candidate candidate, Optional<MergeFailure> failure) {}

  private record Begun(Entry entry, MergeTurn turn) {}

  private final int threads;
  private final MergeLimits limits;
  private final Time time;
  private final MergeBudget budget;
  private final FinishedMerges finishedMerges;
  private final ExecutorService workers;
  private final Map<String, Entry> waiting = new HashMap<>();
  private final Set<MergeTurn> begun = new HashSet<>();
  private long order;
  private long finished;
  private long failed;
  private long bytesWritten;
  private boolean closed;

  /**
   * Starts the threads: twice as many as may work, since merges that pause keep theirs, and as many
   * again for those that are finished and wait for having been advertised.
   */
  public MergeQueue(MergeOptions options, Time time) {
    this.threads = options.threads();
    this.limits = options.limits();
    this.time = time;
    this.finishedMerges = new FinishedMerges(threads, options.advertising(), time);
    this.budget = new MergeBudget(limits.maxBytesPerSecond(), time.nanoTime());
    this.workers = Workers.fixed("merge", 3 * threads);
    for (int i = 0; i < 3 * threads; i++) {
      workers.execute(this::work);
    }
  }

  /** Queues what is due in an index since its last commit, beside what runs, if anything is. */
  public void submit(String index, Job job) {
    // Not under the lock: it asks the index, which may be busy.
    due(index, job).ifPresent(bytes -> queue(index, job, bytes));
  }

  /** Changes how many bytes a second all merges write, those that run included. */
  public void limit(long maxBytesPerSecond) {
    budget.change(maxBytesPerSecond, time.nanoTime());
  }

  /** Merges that wait for having been advertised. */
  public List<FinishedMerge> finishedMerges() {
    return finishedMerges.all();
  }

  /** Notes that everybody may know of these by now: once that was so for a while, they go on. */
  public void advertised(Collection<FinishedMerge> merges) {
    finishedMerges.advertised(merges);
  }

  /**
   * Takes over what slaves say that they have of these.
   *
   * @param slaves how many say so
   * @param having how many of them have a merge, by its id
   */
  public void prepared(int slaves, Map<String, Integer> having) {
    finishedMerges.prepared(slaves, having);
  }

  /** From now on no merge waits for having been advertised. */
  public void endAdvertising() {
    finishedMerges.end();
  }

  /** What runs and what waits. */
  public synchronized MergeFigures figures() {
    Instant now = time.now();
    List<MergeFigures.Running> running = new ArrayList<>();
    begun.forEach(
        turn ->
            running.add(
                new MergeFigures.Running(
                    turn.index(),
                    turn.candidate().bytes(),
                    turn.written(),
                    time.since(turn.beganNanos()),
                    !mayGoOn(turn.candidate()))));
    running.sort(Comparator.comparingLong(MergeFigures.Running::bytes));
    List<MergeFigures.Waiting> queued = new ArrayList<>();
    for (Entry entry : waiting.values()) {
      long bytes = entry.candidate.bytes();
      queued.add(
          new MergeFigures.Waiting(
              entry.index,
              bytes,
              MergeRule.reasonToWait(limits, bytes, entry.failure, now)
                  .orElse("smaller merges, or those that run, come first")));
    }
    queued.sort(Comparator.comparingLong(MergeFigures.Waiting::bytes));
    return new MergeFigures(
        running, queued, finished, failed, bytesWritten, budget.bytesPerSecond());
  }

  /**
   * Waits until nothing runs, and nothing waits that may run now; false if that was not so by the
   * deadline.
   */
  public synchronized boolean awaitIdle(Deadline deadline) throws InterruptedException {
    while (!begun.isEmpty() || next() != null) {
      if (closed || deadline.isPast()) {
        return closed;
      }
      wait(LOOK_AGAIN_MILLIS);
    }
    return true;
  }

  /** Starts nothing any more. A merge that runs ends when its writer is rolled back. */
  @Override
  public synchronized void close() {
    closed = true;
    workers.shutdown();
    notifyAll();
  }

  boolean admits(long bytes) {
    return MergeRule.admits(limits, bytes, time.now());
  }

  MergeBudget budget() {
    return budget;
  }

  synchronized void wrote(long bytes) {
    bytesWritten += bytes;
    budget.wrote(bytes, time.nanoTime());
  }

  synchronized boolean mayGoOn(MergeRule.Candidate candidate) {
    return MergeRule.mayGoOn(candidate, candidatesBegun(), threads);
  }

  private void work() {
    try {
      for (Begun next = take(); next != null; next = take()) {
        run(next.entry, next.turn);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  FinishedMerges finished() {
    return finishedMerges;
  }

  /** Those that are finished take no part of the budget. */
  private List<MergeRule.Candidate> candidatesBegun() {
    return begun.stream().filter(turn -> !turn.isComplete()).map(MergeTurn::candidate).toList();
  }

  private synchronized @Nullable Begun take() throws InterruptedException {
    while (!closed) {
      Entry next = next();
      if (next != null) {
        waiting.remove(next.index);
        MergeTurn turn = new MergeTurn(this, next.index, next.candidate, time);
        begun.add(turn);
        return new Begun(next, turn);
      }
      // What waits may wait for an hour of the day, which nobody notifies of.
      wait(waiting.isEmpty() ? 0 : LOOK_AGAIN_MILLIS);
    }
    return null;
  }

  private @Nullable Entry next() {
    Instant now = time.now();
    Collection<MergeRule.Candidate> candidates = candidatesBegun();
    return waiting.values().stream()
        .filter(
            entry ->
                MergeRule.reasonToWait(limits, entry.candidate.bytes(), entry.failure, now)
                    .isEmpty())
        .min(Comparator.comparing(Entry::candidate))
        .filter(entry -> MergeRule.mayBegin(entry.candidate, candidates, threads))
        .orElse(null);
  }

  private void run(Entry entry, MergeTurn turn) {
    Exception failure = null;
    try {
      entry.job.run(turn);
    } catch (AlreadyClosedException e) {
      LOG.debug("index {} was closed while it was merged", entry.index, e);
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
    end(entry, turn, failure);
  }

  private synchronized void end(Entry entry, MergeTurn turn, @Nullable Exception failure) {
    begun.remove(turn);
    if (!closed) {
      if (failure != null) {
        failed++;
        MergeFailure noted = new MergeFailure(failure.toString(), time.now().plus(RETRY));
        LOG.warn("the merge of index {}: {}", entry.index, noted, failure);
        waiting.put(
            entry.index, new Entry(entry.index, entry.job, entry.candidate, Optional.of(noted)));
      } else {
        finished += turn.hasMerged() ? 1 : 0;
        turn.next().ifPresent(bytes -> queue(entry.index, entry.job, bytes));
      }
    }
    notifyAll();
  }

  private static OptionalLong due(String index, Job job) {
    try {
      return job.due();
    } catch (IOException | RuntimeException e) {
      LOG.warn("index {}: which merges are due was not found out: {}", index, e, e);
      return OptionalLong.empty();
    }
  }

  private synchronized void queue(String index, Job job, long bytes) {
    if (closed) {
      return;
    }
    Entry before = waiting.get(index);
    Optional<MergeFailure> failure = before == null ? Optional.empty() : before.failure;
    waiting.put(index, new Entry(index, job, new MergeRule.Candidate(bytes, order++), failure));
    notifyAll();
  }
}

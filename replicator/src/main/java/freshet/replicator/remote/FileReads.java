package freshet.replicator.remote;

import freshet.replicator.runtime.Workers;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls of a file system that may hang, as NFS does while its server is away, under a deadline.
 * Such a call can't be ended: its thread is left behind, and so many may be. Thread-safe.
 */
final class FileReads implements AutoCloseable {
  private static final int MAX_CALLS = 16;
  private static final long IDLE_SECONDS = 10;

  /** A call of the file system. */
  interface Call<T> {
    T run() throws IOException;
  }

  private final Duration deadline;
  private final Semaphore places = new Semaphore(MAX_CALLS);

  /**
   * Bounded by the places. A virtual thread would keep its carrier while it hangs, and some hangs
   * would stop them all.
   */
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          body -> Workers.thread("file-read", body));

  private final Map<Object, CompletableFuture<?>> waiting = new ConcurrentHashMap<>();
  private volatile boolean isClosed;

  FileReads(Duration deadline) {
    this.deadline = deadline;
  }

  /**
   * Waits for what a call gives.
   *
   * @param what it reads, for people
   * @throws RemoteException.Stalled if it takes longer than the deadline
   */
  <T> T call(String what, Call<T> call) throws IOException {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Object key = new Object();
    waiting.put(key, answer);
    try {
      if (isClosed) {
        throw closed(what);
      }
      if (!places.tryAcquire(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new RemoteException.Stalled(
            "%s: %d reads of this file system hang already: is its server away?"
                .formatted(what, MAX_CALLS));
      }
      start(answer, call);
      return answer.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new RemoteException.Stalled(
          "%s: no byte for %d ms, at most that is allowed: is the server of this file system away?"
              .formatted(what, deadline.toMillis()));
    } catch (ExecutionException e) {
      if (isClosed) {
        throw closed(what);
      }
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException(what + " failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RemoteException.Closed(what + ": interrupted");
    } finally {
      waiting.remove(key);
    }
  }

  /** Makes a call whose end nobody waits for; not at all if too many hang. */
  void attempt(Call<?> call) {
    if (places.tryAcquire()) {
      start(new CompletableFuture<>(), call);
    }
  }

  /** Ends all waits. */
  @Override
  public void close() {
    isClosed = true;
    waiting.values().forEach(answer -> answer.completeExceptionally(new IOException("closed")));
    // Nothing is interrupted: a thread may be inside a channel.
    threads.shutdown();
  }

  private <T> void start(CompletableFuture<T> answer, Call<? extends T> call) {
    try {
      threads.execute(
          () -> {
            try {
              answer.complete(call.run());
            } catch (IOException | RuntimeException | Error e) {
              answer.completeExceptionally(e);
            } finally {
              places.release();
            }
          });
    } catch (RejectedExecutionException e) {
      // Closed meanwhile, which whoever waits is told.
      places.release();
      answer.completeExceptionally(new IOException("closed", e));
    }
  }

  private static RemoteException closed(String what) {
    return new RemoteException.Closed(what + ": the remote was closed here");
  }
}

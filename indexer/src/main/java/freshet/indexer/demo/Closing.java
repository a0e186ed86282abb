package freshet.indexer.demo;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has to be ended however the demo ends: by itself, by a failure, by a signal. Closes in
 * reverse order, once, by whoever comes first; a second caller waits. Thread-safe.
 */
final class Closing implements AutoCloseable {
  private final Deque<Step> steps = new ArrayDeque<>();
  private final Object ending = new Object();
  private boolean isClosed;

  /** Ends one thing. */
  interface Step {
    void end() throws Exception;
  }

  /** Adds a step; if it is too late for that, takes it at once and fails. */
  void add(Step step) {
    synchronized (steps) {
      if (!isClosed) {
        steps.push(step);
        return;
      }
    }
    end(step);
    throw new IllegalStateException("the demo is ending");
  }

  /** Whether the end has begun. */
  boolean isClosed() {
    synchronized (steps) {
      return isClosed;
    }
  }

  @Override
  public void close() {
    synchronized (ending) {
      Deque<Step> all;
      synchronized (steps) {
        isClosed = true;
        all = new ArrayDeque<>(steps);
        steps.clear();
      }
      all.forEach(Closing::end);
    }
  }

  /** A step that fails must not keep the others from being taken. */
  private static void end(Step step) {
    try {
      step.end();
    } catch (Exception e) {
      System.err.println("demo: while ending: " + e);
    }
  }
}

package freshet.replicator.schedule;

import freshet.replicator.alert.SlaveObservation.PullTrouble;
import freshet.replicator.pull.PullOutcome;

/** Hears how pulls end, one at a time. */
@FunctionalInterface
public interface PullListener {
  /**
   * One ended. If this throws, that counts as a failure, and it hears the outcome of the next
   * attempt, which may be {@link PullOutcome.UpToDate}: it switches to what the store has whenever
   * that differs.
   */
  void heard(PullOutcome outcome);

  /** One did not succeed; the trouble that it goes on with, or begins. */
  default void failed(PullTrouble trouble) {}
}

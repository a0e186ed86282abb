package freshet.replicator.pull;

import java.util.List;

/** What to do about the files of an admitted snapshot. */
sealed interface PullPlan {

  /**
   * Take these steps.
   *
   * @param steps one for each file of the cities that were looked at
   * @param bytesToFetch over the network
   * @param bytesToWrite to disk
   */
  record Pull(List<PullStep> steps, long bytesToFetch, long bytesToWrite) implements PullPlan {
    /** Copies the list. */
    public Pull {
      steps = List.copyOf(steps);
    }

    /** Whether every file is here. */
    boolean isComplete() {
      return steps.stream().allMatch(PullStep.HaveAlready.class::isInstance);
    }
  }

  /** Leave it. */
  record Refused(Refusal refusal) implements PullPlan {}
}

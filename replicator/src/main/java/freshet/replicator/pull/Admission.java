package freshet.replicator.pull;

/** Whether to look at an offered pointer any further. */
sealed interface Admission {

  /** It names something newer. */
  record Admit() implements Admission {}

  /**
   * It names what the store has.
   *
   * @param isFresher whether its claim of freshness is to replace the store's
   */
  record Current(boolean isFresher) implements Admission {}

  /** It is not to be followed. */
  record Refuse(Refusal refusal) implements Admission {}
}

package freshet.replicator.pull;

import freshet.replicator.remote.Receipt;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.Snapshot;

/** How a pull ended that met no failure. The store shows a whole snapshot after each of them. */
public sealed interface PullOutcome {

  /** When and how the pointer was received that this is about. */
  Receipt receipt();

  /** The remote has published nothing yet. What the store has stays. */
  record Nothing(Receipt receipt) implements PullOutcome {}

  /**
   * The store has the newest snapshot.
   *
   * @param advertisement the store's LATEST, with the newest claim of freshness
   */
  record UpToDate(Advertisement advertisement, Receipt receipt) implements PullOutcome {}

  /**
   * The store has a new snapshot, durably.
   *
   * @param snapshot the new one
   * @param advertisement the store's LATEST
   * @param report what it took
   */
  record Installed(
      Snapshot snapshot, Advertisement advertisement, Receipt receipt, PullReport report)
      implements PullOutcome {}

  /**
   * What is offered was not taken; the store keeps the snapshot that it has.
   *
   * @param refusal why, and what to do
   */
  record Refused(Refusal refusal, Receipt receipt) implements PullOutcome {}
}

package freshet.replicator.gate;

import freshet.replicator.gate.Hold.Damaged;
import freshet.replicator.gate.Hold.Dropped;
import freshet.replicator.gate.Hold.Exchanged;
import freshet.replicator.gate.Hold.Rejected;
import freshet.replicator.gate.Hold.Replaying;
import freshet.replicator.gate.Hold.RolledBack;
import freshet.replicator.gate.Hold.Unreadable;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Whether a city passes the gate. Pure. */
sealed interface Verdict {

  /** It is published. */
  record Pass() implements Verdict {}

  /** It may be published since somebody gave leave, which is used up once it is. */
  record Approved(Approval approval) implements Verdict {}

  /** It stays as it is. */
  record Stay(Hold hold) implements Verdict {}

  /**
   * Decides.
   *
   * @param documents that the city is to be published with
   * @param expected what it should have; empty if it was not published yet
   * @param before why it is held so far; null if it is not
   * @param isReplayed whether no city that is being replayed has still to catch up
   */
  static Verdict of(
      long documents,
      OptionalLong expected,
      @Nullable Hold before,
      boolean isReplayed,
      GateLimits limits) {
    return switch (before) {
      case Rejected rejected -> new Stay(rejected);
      case RolledBack back -> new Stay(back);
      case Damaged damaged -> new Stay(damaged);
      case Replaying replaying when !isReplayed -> new Stay(replaying);
      case Dropped dropped -> ofCount(documents, expected, dropped.approval(), limits);
      case null -> ofCount(documents, expected, null, limits);
      case Unreadable unreadable -> ofCount(documents, expected, null, limits);
      case Exchanged exchanged -> ofCount(documents, expected, exchanged.approval(), limits);
      case Replaying replaying -> ofCount(documents, expected, null, limits);
    };
  }

  private static Verdict ofCount(
      long documents, OptionalLong expected, @Nullable Approval approval, GateLimits limits) {
    if (expected.isEmpty() || !limits.isBroken(documents, expected.getAsLong())) {
      return new Pass();
    }
    return approval != null && documents >= approval.documents()
        ? new Approved(approval)
        : new Stay(new Dropped(documents, expected.getAsLong(), approval));
  }
}

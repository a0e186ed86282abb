package freshet.replicator.schedule;

import freshet.replicator.alert.SlaveObservation.Kind;
import freshet.replicator.alert.SlaveObservation.PullTrouble;
import freshet.replicator.pull.PullException;
import freshet.replicator.pull.Refusal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whose trouble a pull is that did not succeed. */
public final class PullTroubles {
  private PullTroubles() {}

  /**
   * One pull that did not succeed.
   *
   * @param failure its class
   * @param cause for people
   */
  record Found(Kind kind, String failure, String cause) {

    /** The trouble that this goes on with, or begins. */
    PullTrouble after(@Nullable PullTrouble before, Instant now) {
      return before == null
          ? new PullTrouble(kind, failure, now, 1, cause)
          : new PullTrouble(kind, failure, before.since(), before.count() + 1, cause);
    }
  }

  /** That of a single pull that failed. */
  public static PullTrouble first(Exception failure, Instant now) {
    return of(failure).after(null, now);
  }

  /** That of a single pull that was refused. */
  public static PullTrouble first(Refusal refusal, Instant now) {
    return of(refusal).after(null, now);
  }

  static Found of(Exception failure) {
    String name = failure.getClass().getSimpleName();
    return failure instanceof PullException pull
        ? new Found(kind(pull), name, String.valueOf(pull.getMessage()))
        // Anything unexpected comes from what was pulled, or from switching to it.
        : new Found(Kind.DAMAGED, name, failure.toString());
  }

  static Found of(Refusal refusal) {
    Kind kind =
        switch (refusal) {
          case Refusal.LowDisk disk -> Kind.DISK;
          case Refusal.OtherRepository other -> Kind.REFUSED;
          case Refusal.Older older -> Kind.REFUSED;
          case Refusal.Conflicting conflicting -> Kind.REFUSED;
          case Refusal.NewerFormat newer -> Kind.REFUSED;
          case Refusal.NewerLucene newer -> Kind.REFUSED;
          case Refusal.Partial partial -> Kind.REFUSED;
        };
    return new Found(kind, refusal.getClass().getSimpleName(), refusal.explain());
  }

  private static Kind kind(PullException failure) {
    return switch (failure) {
      case PullException.Unavailable unavailable -> Kind.UNREACHABLE;
      case PullException.Superseded superseded -> Kind.UNREACHABLE;
      case PullException.Stopped stopped -> Kind.UNREACHABLE;
      case PullException.Denied denied -> Kind.DENIED;
      case PullException.Damaged damaged -> Kind.DAMAGED;
      case PullException.StoreFailed store -> Kind.DISK;
      case PullException.InUse inUse -> Kind.DISK;
    };
  }
}

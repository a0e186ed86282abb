package freshet.replicator.alert;

import freshet.replicator.freshness.ClockReading;
import org.jspecify.annotations.Nullable;

/** Where one kind of fault stands. */
public sealed interface AlertState {
  /** Nothing is wrong. */
  record Quiet() implements AlertState {}

  /**
   * Something is wrong, but not for long enough to tell anybody.
   *
   * @param since when it began
   */
  record Pending(ClockReading since) implements AlertState {}

  /**
   * Somebody was told.
   *
   * @param since when it began
   * @param sentAt when it was sent last
   * @param wellSince since when it has looked well; null while it does not
   */
  record Firing(ClockReading since, ClockReading sentAt, @Nullable ClockReading wellSince)
      implements AlertState {}
}

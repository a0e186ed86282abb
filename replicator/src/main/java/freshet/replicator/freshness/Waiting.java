package freshet.replicator.freshness;

import org.jspecify.annotations.Nullable;

/** What a slave waits for, in words. */
public final class Waiting {
  private Waiting() {}

  /**
   * One sentence, without a full stop.
   *
   * @param isServing whether anything is served
   * @param next what is advertised, but not served yet; null if nothing is
   */
  public static String sentence(
      boolean isServing, @Nullable NextState next, MasterContact contact, ClockReading now) {
    String failure =
        contact.failure() == null ? "" : "; the last attempt failed: " + contact.failure();
    if (next != null) {
      ClockReading started = next.pullStarted();
      return started == null
          ? "waits for the next pull: %s was advertised %s ago%s"
              .formatted(next.generation(), ago(next.heardAt(), now), failure)
          : "pulls %s since %s".formatted(next.generation(), ago(started, now));
    }
    ClockReading answered = contact.lastAnswer();
    if (answered == null) {
      return "waits for a first answer from " + contact.url() + failure;
    }
    if (contact.failure() != null) {
      return "waits for %s, which last answered %s ago%s"
          .formatted(contact.url(), ago(answered, now), failure);
    }
    return isServing
        ? "waits for news from %s, which last answered %s ago"
            .formatted(contact.url(), ago(answered, now))
        : "waits until %s publishes a first snapshot".formatted(contact.url());
  }

  private static String ago(ClockReading then, ClockReading now) {
    return Words.duration(now.since(then));
  }
}

package freshet.replicator.alert;

import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.Words;
import java.time.Duration;

/** What an observation says of one kind of fault. */
sealed interface Signal {
  /**
   * It is there.
   *
   * @param what in words, with the numbers
   */
  record Wrong(String what) implements Signal {}

  /** Neither there nor clearly gone: the state stays as it is. */
  record Between() implements Signal {}

  /** It is gone. */
  record Well() implements Signal {}

  /** Looks for one kind of fault. */
  static Signal of(AlertKind kind, Observation seen, AlertOptions options) {
    return switch (kind) {
      case AGE_ABOVE_LIMIT -> age(seen, options);
      case AGE_UNKNOWN ->
          seen.age().age() instanceof Age.Unknown unknown
              ? new Wrong("the age of what is served is unknown: " + unknown.reason())
              : new Well();
      case PULL_REFUSED ->
          seen.refusal() == null
              ? new Well()
              : new Wrong("the master's snapshot is refused: " + seen.refusal());
    };
  }

  private static Signal age(Observation seen, AlertOptions options) {
    // A city that was never complete is an incident of its own, and hides nobody else's age.
    Duration known = seen.age().oldestKnown();
    if (known == null) {
      return new Between();
    }
    if (known.compareTo(options.ageLimit()) > 0) {
      // Beside a city that was never complete, the report's oldest city is that one.
      String city =
          seen.age().age() instanceof Age.Known
              ? " (oldest city: " + seen.age().oldest() + ")"
              : "";
      return new Wrong(
          "what is served is %s behind the database, the limit is %s%s"
              .formatted(Words.duration(known), Words.duration(options.ageLimit()), city));
    }
    return known.compareTo(options.clearBelow()) < 0 ? new Well() : new Between();
  }
}

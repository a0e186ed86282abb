package freshet.replicator.freshness;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;

/** How far what is served is behind the database. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "state")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Age.Known.class, name = "known"),
  @JsonSubTypes.Type(value = Age.Unknown.class, name = "unknown")
})
public sealed interface Age {

  /** The bound in seconds; another figure if there is none. */
  default double secondsOr(double unknown) {
    return switch (this) {
      case Known known -> known.atMost().toMillis() / 1_000.0;
      case Unknown none -> unknown;
    };
  }

  /**
   * At most this.
   *
   * @param atMost never below the true age
   */
  record Known(Duration atMost) implements Age {
    /** Refuses an age from the future. */
    public Known {
      if (atMost.isNegative()) {
        throw new IllegalArgumentException("age " + atMost);
      }
    }
  }

  /**
   * There is no bound, which is never as good as a small age.
   *
   * @param reason why not, for people
   */
  record Unknown(String reason) implements Age {}
}

package freshet.indexer.schedule;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import freshet.replicator.snapshot.Generation;
import org.jspecify.annotations.Nullable;

/** What came of a cycle. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = CycleOutcome.Published.class, name = "published"),
  @JsonSubTypes.Type(value = CycleOutcome.Refreshed.class, name = "refreshed"),
  @JsonSubTypes.Type(value = CycleOutcome.Held.class, name = "held"),
  @JsonSubTypes.Type(value = CycleOutcome.Failed.class, name = "failed")
})
public sealed interface CycleOutcome {

  /**
   * A new snapshot.
   *
   * @param generation its name
   * @param cities whose files or entry changed
   * @param files that are new in the repository
   * @param bytes of those files
   * @param packBytes of the pack
   */
  record Published(Generation generation, int cities, int files, long bytes, long packBytes)
      implements CycleOutcome {}

  /**
   * Nothing had changed; LATEST says anew how fresh everything is.
   *
   * @param generation that stays
   */
  record Refreshed(Generation generation) implements CycleOutcome {}

  /**
   * What was built is not published yet.
   *
   * @param reason in words
   */
  record Held(String reason) implements CycleOutcome {}

  /**
   * The cycle ended early. What LATEST names is untouched, or is the new snapshot, whole.
   *
   * @param stage that failed
   * @param failure class of the failure, such as HandshakeLost
   * @param message for people
   * @param isTransient whether the next cycle may succeed by itself
   * @param cause the exception
   */
  record Failed(
      Stage stage, String failure, String message, boolean isTransient, @JsonIgnore Exception cause)
      implements CycleOutcome {}

  /** A stage of the cycle. */
  enum Stage {
    /** Bringing the working indexes into a state to go on from. */
    RECOVER,
    /** Reading deletions and changes. */
    POLL,
    /** Finding out which cities they concern. */
    ROUTE,
    /** Applying and committing. */
    BUILD,
    /** Linking, digesting, writing manifests and LATEST. */
    PUBLISH
  }

  /** The generation that is advertised after it, where this outcome tells. */
  @JsonIgnore
  default @Nullable Generation generationOrNull() {
    return switch (this) {
      case Published published -> published.generation;
      case Refreshed refreshed -> refreshed.generation;
      case Held held -> null;
      case Failed failed -> null;
    };
  }
}

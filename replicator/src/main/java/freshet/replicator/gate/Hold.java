package freshet.replicator.gate;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Generation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a city stays at an older commit. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Hold.Dropped.class, name = "dropped"),
  @JsonSubTypes.Type(value = Hold.Unreadable.class, name = "unreadable"),
  @JsonSubTypes.Type(value = Hold.Exchanged.class, name = "exchanged"),
  @JsonSubTypes.Type(value = Hold.Rejected.class, name = "rejected"),
  @JsonSubTypes.Type(value = Hold.RolledBack.class, name = "rolled-back"),
  @JsonSubTypes.Type(value = Hold.Replaying.class, name = "replaying"),
  @JsonSubTypes.Type(value = Hold.Damaged.class, name = "damaged")
})
public sealed interface Hold {

  /**
   * It has lost too many documents. Ends by itself once they are back, else by an approval.
   *
   * @param documents that it has
   * @param expected the most that it had within the last 24 h, less those that moved to other
   *     cities
   * @param approval that was given, and is not used up; null if none was
   */
  record Dropped(long documents, long expected, @Nullable Approval approval) implements Hold {}

  /**
   * Its commit can't be opened, or is not what the build counted. The master makes it anew.
   *
   * @param problem in words
   */
  record Unreadable(String problem) implements Hold {}

  /**
   * It has exchanged documents with cities that are held: published without them it would show some
   * twice, or not at all. Ends with their holds.
   *
   * @param with the held cities
   * @param approval that it had when this began, and which is still to be used; null if it had none
   */
  record Exchanged(List<City> with, @Nullable Approval approval) implements Hold {
    /** Copies the list. */
    public Exchanged {
      with = List.copyOf(with);
    }

    /** Of a city that nobody had to approve. */
    public Exchanged(List<City> with) {
      this(with, null);
    }

    /** The same with an approval that is still to be used. */
    Exchanged approved(@Nullable Approval leave) {
      return new Exchanged(with, leave);
    }
  }

  /**
   * Somebody decided that it stays as it is, until it is resumed.
   *
   * @param by who
   * @param reason why; null if that was not said
   */
  record Rejected(String by, @Nullable String reason) implements Hold {}

  /**
   * Somebody brought an older state back, which stays until it is resumed.
   *
   * @param to the snapshot that it was in
   * @param by who
   * @param reason why; null if that was not said
   */
  record RolledBack(Generation to, String by, @Nullable String reason) implements Hold {}

  /**
   * It was resumed from what is published, and is being read again from there. Ends by itself.
   *
   * @param by who resumed it
   */
  record Replaying(String by) implements Hold {}

  /**
   * Its hold can't be read any more. It may have been one that a person decided, so that it ends
   * only by a person.
   *
   * @param problem in words
   */
  record Damaged(String problem) implements Hold {}

  /** Whether it ends by a person alone. */
  default boolean isDecided() {
    return switch (this) {
      case Rejected rejected -> true;
      case RolledBack back -> true;
      case Damaged damaged -> true;
      case Dropped dropped -> false;
      case Unreadable unreadable -> false;
      case Exchanged exchanged -> false;
      case Replaying replaying -> false;
    };
  }

  /** Whether it began with what a person asked for. */
  default boolean isOrdered() {
    return isDecided() || this instanceof Replaying;
  }

  /** Whether the city itself failed the gate, which counts for {@code max_held_cities}. */
  default boolean isFailure() {
    return switch (this) {
      case Dropped dropped -> true;
      case Unreadable unreadable -> true;
      case Exchanged exchanged -> false;
      case Rejected rejected -> false;
      case RolledBack back -> false;
      case Replaying replaying -> false;
      case Damaged damaged -> false;
    };
  }

  /** Whether nothing is left to decide, and the hold ends when the city is published again. */
  default boolean endsOncePublished() {
    return this instanceof Unreadable || this instanceof Exchanged;
  }

  /**
   * The leave that somebody gave, and that is used up once the city is published; null for none.
   */
  default @Nullable Approval leave() {
    return switch (this) {
      case Dropped dropped -> dropped.approval();
      case Exchanged exchanged -> exchanged.approval();
      case Unreadable unreadable -> null;
      case Rejected rejected -> null;
      case RolledBack back -> null;
      case Replaying replaying -> null;
      case Damaged damaged -> null;
    };
  }

  /** The reason in words. */
  default String explain() {
    return switch (this) {
      case Dropped(long documents, long expected, @Nullable Approval approval) ->
          "%s, %,d fewer than the %,d that are expected by the last 24 h%s"
              .formatted(
                  Count.of(documents, "document"),
                  expected - documents,
                  expected,
                  approved(approval));
      case Unreadable(String problem) -> problem;
      case Exchanged(List<City> with, @Nullable Approval approval) ->
          "exchanged documents with held cities: " + with + approved(approval);
      case Rejected(String by, @Nullable String reason) -> "rejected by " + by + because(reason);
      case RolledBack(Generation to, String by, @Nullable String reason) ->
          "rolled back to %s by %s%s".formatted(to, by, because(reason));
      case Replaying(String by) ->
          "resumed by %s, and read again from where it was rolled back to".formatted(by);
      case Damaged(String problem) ->
          "why it is held can't be read any more (%s): it stays until it is resumed"
              .formatted(problem);
    };
  }

  private static String approved(@Nullable Approval approval) {
    return approval == null
        ? ""
        : "; approved were %,d or more, by %s".formatted(approval.documents(), approval.by());
  }

  private static String because(@Nullable String reason) {
    return reason == null ? "" : ": " + reason;
  }
}

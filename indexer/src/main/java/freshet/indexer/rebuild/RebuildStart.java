package freshet.indexer.rebuild;

import org.jspecify.annotations.Nullable;

/** Whether a rebuild goes on with what an earlier process left. Pure. */
sealed interface RebuildStart {

  /**
   * Nothing of it is of use.
   *
   * @param reason why what was left is thrown away; null if nothing was left
   */
  record Begin(@Nullable String reason) implements RebuildStart {}

  /** It goes on where that one was. */
  record Resume(RebuildState state) implements RebuildStart {}

  /** The new indexes are the master's by now. */
  record Switching(RebuildState state) implements RebuildStart {}

  /** Something else is under way, and too good to be thrown away without being asked to. */
  record Refuse(String reason) implements RebuildStart {}

  /**
   * Decides.
   *
   * @param left what an earlier process noted last; null if there is nothing
   * @param leftDefinition what its indexes are built by
   * @param server that would be read now
   */
  static RebuildStart decide(
      @Nullable RebuildState left, String leftDefinition, RebuildTask task, String server) {
    if (left == null) {
      return new Begin(null);
    }
    if (left.phase() == RebuildState.Phase.SWITCHING
        || left.phase() == RebuildState.Phase.SWITCHED) {
      return new Switching(left);
    }
    Selection before = new Selection(left.cities());
    Selection now = task.selection();
    if (!now.covers(before)) {
      return new Refuse(
          "a rebuild of %s is under way since %s (%s), which one of %s would throw away: go on with it by naming the same, or give it up with --restart"
              .formatted(before, left.started(), left.phase(), now));
    }
    if (!before.equals(now)) {
      return new Begin("it was of " + before + " alone");
    }
    if (!left.schema().equals(task.schema())) {
      return new Begin(
          "the fields have changed: its schema is %s, the configuration's is %s"
              .formatted(left.schema().brief(), task.schema().brief()));
    }
    if (!leftDefinition.equals(task.definition())) {
      return new Begin("the table's section of the configuration has changed");
    }
    if (left.phase() == RebuildState.Phase.READING
        && left.begin().gtid().isEmpty()
        && !left.begin().server().equals(server)) {
      return new Begin(
          "it read server %s, now server %s answers, and without GTID nobody knows whether that one has the same"
              .formatted(left.begin().server(), server));
    }
    return new Resume(left);
  }
}

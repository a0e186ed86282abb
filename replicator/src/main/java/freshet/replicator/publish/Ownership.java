package freshet.replicator.publish;

import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.Generation;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Whether a starting master may publish, and by which epoch. Pure. */
sealed interface Ownership {

  /** LATEST is this master's last word, or nobody's: it goes on by the epoch that it holds. */
  record Continue(long epoch) implements Ownership {}

  /** It takes a new epoch, since what is there is not what it wrote last. */
  record Take(String reason) implements Ownership {}

  /** Another master owns the repository. */
  record Refuse(String reason) implements Ownership {}

  /**
   * Decides.
   *
   * @param state what this master remembers, if it does
   * @param latest what LATEST says, if there is one
   * @param epochs every epoch that was taken, with the master that took it
   */
  static Ownership decide(
      @Nullable PublisherState state,
      @Nullable Advertisement latest,
      SortedMap<Long, String> epochs) {
    if (state == null) {
      return new Take("this master has published nothing that it remembers");
    }
    long own = state.epoch();
    for (Map.Entry<Long, String> taken : epochs.tailMap(own).entrySet()) {
      if (!taken.getValue().equals(state.master())) {
        return new Refuse(
            "epoch %d was taken by master %s; this is %s, which holds epoch %d"
                .formatted(taken.getKey(), taken.getValue(), state.master(), state.epoch()));
      }
      // Taken by this master, which ended before it could remember so.
      own = taken.getKey();
    }
    if (latest == null) {
      // Whether the intended move came to pass and was lost, nobody knows: a new epoch is safe.
      Generation lost = state.intended() == null ? state.published() : state.intended();
      return lost == null
          ? new Continue(own)
          : new Take("there is no LATEST, this master had published " + lost);
    }
    if (!latest.repository().equals(state.repository())) {
      return new Refuse(
          "this is repository %s, this master published to %s"
              .formatted(latest.repository(), state.repository()));
    }
    Generation found = latest.generation();
    if (found.equals(state.published()) || found.equals(state.intended())) {
      return new Continue(own);
    }
    Generation last = state.intended() == null ? state.published() : state.intended();
    if (last == null || found.isAfter(last)) {
      return new Refuse(
          "LATEST names %s, this master published %s last: another one does so by a copy of its"
                  .formatted(found, last)
              + " working directory, or by a higher epoch");
    }
    return new Take(
        "LATEST names %s, this master had published %s: the repository was restored"
            .formatted(found, last));
  }
}

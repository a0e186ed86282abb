package freshet.replicator.freshness;

import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.Snapshot;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What queries see.
 *
 * @param snapshot that is served
 * @param advertisement the newest one of this very snapshot: a newer snapshot's says nothing of
 *     this one
 * @param heardAt when it came, or was read from disk after a start
 * @param pulled null if an earlier process pulled it
 */
public record ServedState(
    Snapshot snapshot,
    Advertisement advertisement,
    ClockReading heardAt,
    @Nullable PullTimes pulled) {

  /** Refuses an advertisement of another snapshot, whose claims would make this one look young. */
  public ServedState {
    if (!advertisement.generation().equals(snapshot.generation())
        || !Objects.equals(advertisement.manifest(), snapshot.manifestDigest())) {
      throw new IllegalArgumentException(
          "the advertisement is of %s, what is served is %s"
              .formatted(advertisement.generation(), snapshot.generation()));
    }
  }
}

package freshet.indexer.schedule;

import freshet.indexer.rebuild.RebuildState;
import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Snapshot;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether what a cycle has built may be published, and which cities end with it. Pure.
 *
 * @param latest what is published; null before the first publication
 * @param schema of the working indexes
 * @param adopted the rebuild that they were taken from, if that is not published yet
 */
record PublicationRule(@Nullable Snapshot latest, Digest schema, @Nullable RebuildState adopted) {

  /** Whether all cities are published or none, since two schemas never mix. */
  boolean isWhole() {
    return latest != null && !latest.manifest().schema().equals(schema);
  }

  /** Whether a city that has no working index is no more. */
  boolean mayEnd(City city) {
    return isWhole()
        || (adopted != null && adopted.concerns(city) && !adopted.built().containsKey(city));
  }

  /** Whether the table is being read from its start, by ordinary polls. */
  boolean isFirst() {
    return adopted == null && (latest == null || isWhole());
  }

  /**
   * Why nothing is published yet.
   *
   * @param next how far the cities have come
   * @param reachedEnd whether the poll left nothing to read
   * @param hasCities whether there is any working index
   */
  Optional<String> reasonToHold(Progress next, boolean reachedEnd, boolean hasCities) {
    if (!reachedEnd && isFirst()) {
      return Optional.of("the table is being read from its start, and there is more to read");
    }
    if (!reachedEnd && isOlder(next)) {
      return Optional.of(
          "rebuilt cities catch up with what is published, and there is more to read");
    }
    if (isWhole() && !next.behind().isEmpty()) {
      return Optional.of("the schema has changed, and cities failed: " + next.behind().keySet());
    }
    if (latest == null && !hasCities) {
      return Optional.of("there is no document to publish yet");
    }
    return Optional.empty();
  }

  /** Whether a rebuilt city has not come as far as it is published. */
  private boolean isOlder(Progress next) {
    if (adopted == null || latest == null) {
      return false;
    }
    Progress published = Progress.of(latest);
    return !adopted.built().keySet().stream()
        .allMatch(city -> Positions.isAtLeast(next.of(city), published.of(city)));
  }
}

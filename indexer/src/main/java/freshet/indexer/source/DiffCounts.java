package freshet.indexer.source;

import freshet.replicator.runtime.Count;

/**
 * What an id diff has come upon.
 *
 * @param keys keys compared, those of the table and those of the index
 * @param missing rows that were not indexed
 * @param outdated documents of another version than their row
 * @param ghosts documents without a row
 */
public record DiffCounts(long keys, long missing, long outdated, long ghosts) {
  /** Nothing yet. */
  static final DiffCounts NONE = new DiffCounts(0, 0, 0, 0);

  /** Documents that were not as their rows. */
  public long found() {
    return missing + outdated + ghosts;
  }

  DiffCounts plus(DiffCounts other) {
    return new DiffCounts(
        keys + other.keys,
        missing + other.missing,
        outdated + other.outdated,
        ghosts + other.ghosts);
  }

  @Override
  public String toString() {
    return "%s compared: %d missing, %d outdated, %s"
        .formatted(Count.of(keys, "key"), missing, outdated, Count.of(ghosts, "ghost"));
  }
}

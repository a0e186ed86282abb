package freshet.indexer.source;

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
    return "%d keys compared: %d missing, %d outdated, %d ghosts"
        .formatted(keys, missing, outdated, ghosts);
  }
}

package freshet.indexer.schedule;

/**
 * How a cycle behaves.
 *
 * @param rebuildOnSchemaChange whether a changed schema makes all cities be read again, while the
 *     old snapshot stays; if not, it is an error
 */
public record CycleOptions(boolean rebuildOnSchemaChange) {
  /** Refuses a changed schema. */
  public static final CycleOptions DEFAULT = new CycleOptions(false);
}

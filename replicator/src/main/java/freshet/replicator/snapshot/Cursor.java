package freshet.replicator.snapshot;

/**
 * A place in keyset order: everything up to and including this pair was read.
 *
 * @param version of the last row read, in microseconds since 1970-01-01 UTC
 * @param key of the last row read
 */
public record Cursor(long version, DocumentKey key) implements Comparable<Cursor> {
  /** Before the first row. */
  public static final Cursor START = new Cursor(Long.MIN_VALUE, DocumentKey.EMPTY);

  @Override
  public int compareTo(Cursor other) {
    int order = Long.compare(version, other.version);
    return order == 0 ? key.compareTo(other.key) : order;
  }
}

package freshet.replicator.snapshot;

import java.util.Comparator;

/**
 * A place in keyset order: everything up to and including this pair was read.
 *
 * @param version of the last row read, in microseconds since 1970-01-01 UTC
 * @param key of the last row read
 */
public record Cursor(long version, DocumentKey key) implements Comparable<Cursor> {
  /** Before the first row. */
  public static final Cursor START = new Cursor(Long.MIN_VALUE, DocumentKey.EMPTY);

  private static final Comparator<Cursor> ORDER =
      Comparator.comparingLong(Cursor::version).thenComparing(Cursor::key);

  @Override
  public int compareTo(Cursor other) {
    return ORDER.compare(this, other);
  }
}

package freshet.indexer.demo.data;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * The ids of the listings that nobody is changing. A thread takes one out before it changes the
 * row, and puts it back afterwards unless the row is gone; so rows have one writer at a time, and
 * an open transaction blocks nobody. Thread-safe; 8 bytes a listing.
 */
public final class ListingIds {
  private long[] ids = new long[1024];
  private int size;
  private long highest;

  ListingIds() {}

  /** Puts an id in. */
  synchronized void add(long id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
    }
    ids[size++] = id;
    highest = Math.max(highest, id);
  }

  /** Takes any id out; empty if fewer than {@code leave} would be left. */
  synchronized OptionalLong take(RandomGenerator random, int leave) {
    if (size <= leave) {
      return OptionalLong.empty();
    }
    int at = random.nextInt(size);
    long id = ids[at];
    ids[at] = ids[--size];
    return OptionalLong.of(id);
  }

  /** An id above all that were ever put in, never given twice. */
  synchronized long fresh() {
    return ++highest;
  }

  /** How many are in. */
  public synchronized int size() {
    return size;
  }
}

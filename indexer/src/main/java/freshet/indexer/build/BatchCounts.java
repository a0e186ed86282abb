package freshet.indexer.build;

import freshet.replicator.snapshot.DocumentKey;
import java.util.ArrayList;
import java.util.List;

/**
 * What a batch meant to a city.
 *
 * @param added documents that the city did not have
 * @param replaced documents that it had with other content or version
 * @param removed documents that it had, and has no more
 * @param rescued those of the three that only the overlap found
 * @param equal documents that it had just so: dropped
 * @param absent removals of documents that it did not have: dropped
 * @param rejected documents that Lucene refuses; what the city had of them stays
 */
public record BatchCounts(
    int added,
    int replaced,
    int removed,
    int rescued,
    Dropped equal,
    int absent,
    List<Rejected> rejected) {
  /** Of nothing. */
  public static final BatchCounts NONE =
      new BatchCounts(0, 0, 0, 0, new Dropped(0, 0, 0, 0, 0), 0, List.of());

  /**
   * Documents that were dropped, by how the poll came upon them.
   *
   * @param cursor after the cursor, or set aside before and read again
   * @param overlap inside the overlap
   * @param tombstone named by a tombstone, but they exist
   * @param side named by a side table
   * @param check looked up by a sweep or an id diff
   */
  public record Dropped(int cursor, int overlap, int tombstone, int side, int check) {

    /** All of them. */
    public int total() {
      return cursor + overlap + tombstone + side + check;
    }
  }

  /**
   * A document that Lucene refuses.
   *
   * @param key its key
   * @param reason in Lucene's words
   */
  public record Rejected(DocumentKey key, String reason) {}

  /** Copies the list. */
  public BatchCounts {
    rejected = List.copyOf(rejected);
  }

  /** Documents that changed. */
  public int applied() {
    return added + replaced + removed;
  }

  /** Both together. */
  public BatchCounts plus(BatchCounts other) {
    List<Rejected> all = new ArrayList<>(rejected);
    all.addAll(other.rejected);
    return new BatchCounts(
        added + other.added,
        replaced + other.replaced,
        removed + other.removed,
        rescued + other.rescued,
        new Dropped(
            equal.cursor + other.equal.cursor,
            equal.overlap + other.equal.overlap,
            equal.tombstone + other.equal.tombstone,
            equal.side + other.equal.side,
            equal.check + other.equal.check),
        absent + other.absent,
        all);
  }
}

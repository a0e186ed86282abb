package freshet.replicator.repository;

import freshet.replicator.files.Digest;
import freshet.replicator.runtime.IoReason;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a scrub found.
 *
 * @param snapshots that were looked at
 * @param files that were read
 * @param bytes of those
 * @param bad files that are not what they should be
 */
public record ScrubReport(int snapshots, int files, long bytes, List<Bad> bad) {
  /** Copies the list. */
  public ScrubReport {
    bad = List.copyOf(bad);
  }

  /**
   * A file that is not what it should be.
   *
   * @param file its relative name in the repository
   * @param expected digest that the manifest gives; null where nothing gives one
   * @param found digest of its content; null if it can't be read
   * @param bytes that it should have; null where no manifest says, as of a manifest itself
   * @param problem in words
   */
  public record Bad(
      String file,
      @Nullable Digest expected,
      @Nullable Digest found,
      @Nullable Long bytes,
      String problem) {
    /**
     * One that the disk does not give back, which is how rot shows on a disk that checks itself.
     */
    static Bad unreadable(
        String file, @Nullable Digest expected, @Nullable Long bytes, IOException why) {
      return new Bad(file, expected, null, bytes, "it can't be read: " + IoReason.of(why));
    }
  }
}

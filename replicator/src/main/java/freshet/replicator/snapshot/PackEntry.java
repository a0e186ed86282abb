package freshet.replicator.snapshot;

import freshet.replicator.files.Digest;

/**
 * The pack of a generation: its new small files in one object, a tar under zstd.
 *
 * @param length of the pack in bytes
 * @param sha256 of the pack
 * @param files how many files it holds
 */
public record PackEntry(long length, Digest sha256, int files) {
  /** Refuses what is no size. */
  public PackEntry {
    if (length < 0 || files < 0) {
      throw new IllegalArgumentException(
          "a pack can't have %d bytes and %d files".formatted(length, files));
    }
  }
}

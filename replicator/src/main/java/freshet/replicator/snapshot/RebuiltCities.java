package freshet.replicator.snapshot;

import freshet.replicator.files.Digest;
import java.util.List;

/**
 * Cities that were built anew and that no manifest names yet, for slaves to have their files
 * beforehand. In a file of its own, since LATEST is read every second and they may be hundreds.
 *
 * @param format version of this file's format
 * @param cities that were built anew
 */
public record RebuiltCities(int format, List<RebuiltCity> cities) {
  /** Copies the list. */
  public RebuiltCities {
    cities = List.copyOf(cities);
  }

  /** Of the current format. */
  public RebuiltCities(List<RebuiltCity> cities) {
    this(FormatVersion.CURRENT, cities);
  }

  /** The digest of its bytes: by which LATEST names it, and slaves say that they have all of it. */
  public Digest digest() {
    return Digest.of(SnapshotCodec.write(this));
  }
}

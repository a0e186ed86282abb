package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import java.util.Map;

/**
 * What of a snapshot's files is here, by relative name.
 *
 * @param lengths of the files under their final names
 * @param partLengths of what earlier pulls left unfinished
 * @param byDigest a file for each content that a manifest vouches for
 * @param packed names that packs hold which are here, with their lengths
 * @param freeBytes on the store's disk
 */
record Inventory(
    Map<String, Long> lengths,
    Map<String, Long> partLengths,
    Map<Digest, String> byDigest,
    Map<String, Long> packed,
    long freeBytes) {
  /** Copies the maps. */
  public Inventory {
    lengths = Map.copyOf(lengths);
    partLengths = Map.copyOf(partLengths);
    byDigest = Map.copyOf(byDigest);
    packed = Map.copyOf(packed);
  }
}

package freshet.replicator.repository;

import freshet.replicator.snapshot.Generation;
import java.util.List;

/**
 * What a collection removed.
 *
 * @param kept how many snapshots are left, bases included
 * @param removed snapshots that are gone, oldest first
 * @param files how many index files and city manifests are gone
 * @param bytes of those; the disk has them back only where no other link to them is left
 */
public record CollectionReport(int kept, List<Generation> removed, int files, long bytes) {
  /** Copies the list. */
  public CollectionReport {
    removed = List.copyOf(removed);
  }
}

package freshet.replicator.repository;

import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.Generation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a collection removed, or would remove.
 *
 * @param kept snapshots that are left, bases included, each with every reason
 * @param removed snapshots that are gone, oldest first
 * @param files how many files are gone: manifests, packs, schemas, index files
 * @param bytes of those; the disk has them back only where no other link to them is left
 * @param excess bytes above {@code repository.max_bytes} that can't go, since LATEST, pins or
 *     leases need them; 0 if there are none
 */
public record CollectionReport(
    SortedMap<Generation, Set<Why>> kept,
    List<Generation> removed,
    int files,
    long bytes,
    long excess) {
  /** There was nothing. */
  static final CollectionReport NONE =
      new CollectionReport(Collections.emptySortedMap(), List.of(), 0, 0, 0);

  /** Copies the collections. */
  public CollectionReport {
    kept = Collections.unmodifiableSortedMap(new TreeMap<>(kept));
    removed = List.copyOf(removed);
  }

  /** Both as one, the other of which came later. */
  CollectionReport plus(CollectionReport later) {
    List<Generation> all = new ArrayList<>(removed);
    all.addAll(later.removed);
    all.sort(null);
    return new CollectionReport(
        later.kept, all, files + later.files, bytes + later.bytes, later.excess);
  }

  /** What it comes to, in words. */
  public String text() {
    return "%s, %s, %s%s"
        .formatted(
            Count.of(removed.size(), "snapshot"),
            Count.of(files, "file"),
            Count.of(bytes, "byte"),
            excess == 0
                ? ""
                : "; %,d bytes above repository.max_bytes stay, since LATEST, pins and leases need them"
                    .formatted(excess));
  }
}

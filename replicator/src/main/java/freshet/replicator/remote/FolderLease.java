package freshet.replicator.remote;

import freshet.replicator.lease.LeaseKeeper;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import org.jspecify.annotations.Nullable;

/** The lease on what is being fetched from a folder, written there. Thread-safe. */
final class FolderLease {
  private final @Nullable String holder;
  private final LeaseKeeper leases;
  private volatile @Nullable Generation leased;

  /** By this name; null for no lease at all. */
  FolderLease(RepositoryLayout layout, @Nullable String holder, Time time) {
    this.holder = holder;
    this.leases = new LeaseKeeper(layout, time);
  }

  /** From now on it is on this snapshot, from the first file that is read; null for none. */
  void on(@Nullable Generation generation) {
    leased = generation;
  }

  /** Removes what was written. */
  void release() {
    String name = holder;
    if (name != null) {
      leases.release(name);
    }
  }

  /** The holder got on. */
  void renew() {
    Generation generation = leased;
    String name = holder;
    if (generation != null && name != null) {
      leases.renew(name, generation);
    }
  }
}

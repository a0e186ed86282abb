/**
 * From a snapshot on disk to one that queries see: opened, checked, warmed, then switched at once.
 *
 * <p>In: a {@link freshet.replicator.snapshot.Snapshot} whose files are complete in a {@link
 * freshet.replicator.repository.LocalRepository}. Out: {@link
 * freshet.replicator.swap.SnapshotSwitch}, which leases the live snapshot to queries and says which
 * generations are in use, so that nothing deletes their files.
 *
 * <p>May import: {@code repository}, {@code schema}, {@code snapshot}, {@code files}, {@code
 * runtime}. Invariant: a lease shows one snapshot over all its cities, and a switch that fails
 * changes nothing. A document is found once, also where cities are shown as they were.
 */
@NullMarked
package freshet.replicator.swap;

import org.jspecify.annotations.NullMarked;

package freshet.replicator.page;

import freshet.replicator.snapshot.Generation;
import java.time.Instant;

/**
 * A generation that is kept.
 *
 * @param generation its name
 * @param created when, by the master's clock
 * @param changedCities how many of its cities differ from the one before; all of them in a full one
 * @param isLatest whether LATEST names it
 * @param isPinned whether somebody keeps it
 */
public record SnapshotRow(
    Generation generation,
    Instant created,
    int changedCities,
    boolean isLatest,
    boolean isPinned) {}

package freshet.replicator.freshness;

import freshet.replicator.snapshot.Generation;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot that is advertised, but not served here yet.
 *
 * @param generation its name
 * @param heardAt when this slave first heard of it
 * @param pullStarted when its pull began; null while it waits
 */
public record NextState(
    Generation generation, ClockReading heardAt, @Nullable ClockReading pullStarted) {}

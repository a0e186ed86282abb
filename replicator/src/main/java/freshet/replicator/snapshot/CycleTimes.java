package freshet.replicator.snapshot;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the last cycle of the master spent its time: the part of a document's age that arose before
 * it was published.
 *
 * @param pollStarted when, by the master's clock
 * @param replicaLag of the server that was polled; null if unknown
 * @param poll reading deletions and changes
 * @param build routing, indexing, committing
 * @param publish linking, digesting, writing manifests
 */
public record CycleTimes(
    Instant pollStarted,
    @Nullable Duration replicaLag,
    Duration poll,
    Duration build,
    Duration publish) {}

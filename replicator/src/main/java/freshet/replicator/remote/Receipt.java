package freshet.replicator.remote;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When an answer came.
 *
 * @param at by the clock here
 * @param roundTrip from the question to the answer, a long poll's wait included
 * @param clock what was known then of the clock on the other side; null if nothing
 */
public record Receipt(Instant at, Duration roundTrip, @Nullable ClockEstimate clock) {}

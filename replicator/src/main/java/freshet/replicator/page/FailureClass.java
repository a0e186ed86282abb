package freshet.replicator.page;

import java.time.Instant;

/**
 * Failures of one class at one place within the last hour.
 *
 * @param name of the class, such as {@code HandshakeTimedOut}
 * @param where it failed: an endpoint, a stage
 * @param count how often
 * @param last when it did last
 * @param message of that one
 */
public record FailureClass(String name, String where, int count, Instant last, String message) {}

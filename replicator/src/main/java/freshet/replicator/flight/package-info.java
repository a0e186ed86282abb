/**
 * Keeps what a node and its host were like in the minute before each failure.
 *
 * <p>In: {@link freshet.replicator.flight.Failure}s, the {@link freshet.replicator.flight.Connect}s
 * to a database, and once a second the counters of the kernel, of the garbage collector and of what
 * is sent to slaves. Out: a log of failures and a {@link freshet.replicator.flight.Recording} of
 * each kind of them, both bounded; {@link freshet.replicator.flight.FailureTimes}, by hour and
 * minute. Entry types: {@link freshet.replicator.flight.FlightRecorder}, which writes, and {@link
 * freshet.replicator.flight.FlightFolder}, which reads without it.
 *
 * <p>May import: {@code incident}, {@code snapshot}, {@code files}, {@code runtime}. Invariant:
 * whoever reports a failure is neither held up nor failed by its recording.
 */
@NullMarked
package freshet.replicator.flight;

import org.jspecify.annotations.NullMarked;

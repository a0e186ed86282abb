/**
 * Watches: remembers incidents over restarts, and gets every message to every sink.
 *
 * <p>In: symptoms, a slave's own by {@link freshet.replicator.alert.SlaveSymptoms}. Out: {@link
 * freshet.replicator.alert.AlertMonitor} with what is open, an {@link
 * freshet.replicator.alert.IncidentJournal} of what was told, and messages to each sink from a
 * durable {@link freshet.replicator.alert.Outbox} of its own.
 *
 * <p>May import: {@code incident}, {@code sink}, {@code freshness}, {@code pause}, {@code
 * snapshot}, {@code files}, {@code runtime}. Invariant: what was decided is on disk before it is
 * sent, so that a restart neither forgets nor tells twice; a sink that is dead delays no other.
 */
@NullMarked
package freshet.replicator.alert;

import org.jspecify.annotations.NullMarked;

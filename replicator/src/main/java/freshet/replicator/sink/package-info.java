/**
 * Where messages of incidents go: log, webhook, Alertmanager, e-mail, command.
 *
 * <p>In: {@link freshet.replicator.sink.Message}. Out: a {@link freshet.replicator.sink.Sink} for
 * each that is configured. Nothing is kept here: what must be tried again stays with whoever sends.
 *
 * <p>May import: {@code incident}, {@code config}, {@code snapshot} (its codec), {@code runtime}.
 * Invariant: each attempt ends within its own deadline, whatever the other side does, and leaves
 * neither thread nor process behind.
 */
@NullMarked
package freshet.replicator.sink;

import org.jspecify.annotations.NullMarked;

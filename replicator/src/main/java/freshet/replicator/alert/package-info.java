/**
 * Tells on-call of staleness once, and again only after a while, and when it is over.
 *
 * <p>In: {@link freshet.replicator.alert.Observation}, made of the same record as the status page.
 * Out: {@link freshet.replicator.alert.Alert} to every {@link freshet.replicator.alert.AlertSink},
 * decided by {@link freshet.replicator.alert.AlertRule} and driven by {@link
 * freshet.replicator.alert.AlertMonitor}.
 *
 * <p>May import: {@code freshness}, {@code runtime}. Invariant: whether to alert is a pure function
 * of the state, the observation and the clock; sinks decide nothing, and one that fails stops
 * neither the others nor the watch.
 */
@NullMarked
package freshet.replicator.alert;

import org.jspecify.annotations.NullMarked;

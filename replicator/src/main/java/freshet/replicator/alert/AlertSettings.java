package freshet.replicator.alert;

import freshet.replicator.incident.IncidentOptions;
import freshet.replicator.sink.SinkSettings;

/**
 * How alerts are told.
 *
 * @param incidents when
 * @param maxQueued messages that wait for one sink at most
 * @param maxPast incidents that are remembered, those that are over included
 * @param sinks where to
 */
public record AlertSettings(
    IncidentOptions incidents, int maxQueued, int maxPast, SinkSettings sinks) {}

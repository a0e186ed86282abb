package freshet.indexer.session;

import freshet.replicator.snapshot.DatabaseClock;

/**
 * What a server says of itself, in one query.
 *
 * @param server its identity
 * @param nowMicros its clock, in microseconds since 1970 UTC
 * @param clock the same against ours
 * @param gtid the transactions that it has executed; empty without GTID
 * @param containsOurs whether those contain all that a position names
 * @param isReadOnly whether it is a replica by its own account; a poll reads from either
 * @param silence for how long it has heard nothing of its source, as far as it can be asked that
 */
public record ServerState(
    String server,
    long nowMicros,
    DatabaseClock clock,
    String gtid,
    boolean containsOurs,
    boolean isReadOnly,
    Silence silence) {}

package freshet.replicator.freshness;

import freshet.replicator.snapshot.Advertisement;

/**
 * When the snapshot that is served was pulled.
 *
 * @param advertisement that the pull followed
 * @param started when the pull began
 * @param ended when everything was verified
 * @param switched when queries began to see it
 */
public record PullTimes(
    Advertisement advertisement, ClockReading started, ClockReading ended, ClockReading switched) {}

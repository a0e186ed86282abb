package freshet.replicator.alert;

import freshet.replicator.freshness.AgeReport;
import freshet.replicator.freshness.ClockReading;
import org.jspecify.annotations.Nullable;

/**
 * What the watch sees at one moment.
 *
 * @param where which node
 * @param age how old what it serves is
 * @param waitsFor what it waits for, in words
 * @param generation that it serves; null if none
 * @param refusal why the newest snapshot is refused; null if it isn't
 * @param at the clocks
 */
public record Observation(
    String where,
    AgeReport age,
    String waitsFor,
    @Nullable String generation,
    @Nullable String refusal,
    ClockReading at) {}

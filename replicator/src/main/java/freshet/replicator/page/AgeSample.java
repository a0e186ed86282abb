package freshet.replicator.page;

import freshet.replicator.freshness.StageAges;
import java.time.Instant;

/**
 * How old what is served was at one moment.
 *
 * @param at when, by this host's clock
 * @param isKnown whether there was a bound; the stages say nothing otherwise
 * @param stages of that age
 */
public record AgeSample(Instant at, boolean isKnown, StageAges stages) {}

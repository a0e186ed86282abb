package freshet.replicator.swap;

import freshet.replicator.snapshot.Generation;
import java.time.Duration;

/**
 * What a switch did.
 *
 * @param generation that is live now
 * @param cities in it
 * @param documents in it
 * @param opened cities whose folder was opened anew
 * @param reopened cities that changed, opened over their previous reader
 * @param reused cities that did not change
 * @param took opening, checking and warming
 */
public record SwitchReport(
    Generation generation,
    int cities,
    long documents,
    int opened,
    int reopened,
    int reused,
    Duration took) {}

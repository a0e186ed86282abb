package freshet.replicator.freshness;

import org.jspecify.annotations.Nullable;

/**
 * How a slave stands with its master.
 *
 * @param url where the master is looked for
 * @param lastAnswer when it last answered; null if never since this process began
 * @param failure what the newest attempt failed with; null if it did not
 */
public record MasterContact(
    String url, @Nullable ClockReading lastAnswer, @Nullable String failure) {}

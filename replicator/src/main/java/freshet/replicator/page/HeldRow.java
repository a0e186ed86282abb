package freshet.replicator.page;

import freshet.replicator.snapshot.City;
import java.time.Instant;

/**
 * A city that the publish gate, or a person, holds.
 *
 * @param city the city
 * @param since when
 * @param reason in words
 * @param isApprovable whether an approval lets it pass
 */
public record HeldRow(City city, Instant since, String reason, boolean isApprovable) {}

package freshet.indexer.build;

import freshet.replicator.snapshot.City;
import java.time.Instant;

/**
 * Size of a city's working index, as of its last commit.
 *
 * @param city the city
 * @param documents live documents
 * @param deleted documents that are deleted, but not merged away yet
 * @param segments of the index
 * @param bytes of the commit's files
 * @param lastCommit when it was made, by the master's clock
 */
public record CityStatistics(
    City city, long documents, long deleted, int segments, long bytes, Instant lastCommit) {}

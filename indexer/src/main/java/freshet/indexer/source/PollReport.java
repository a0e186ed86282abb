package freshet.indexer.source;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Figures of one poll.
 *
 * @param endpoint the server that was polled
 * @param started by the master's clock
 * @param databaseNow the database's clock when the poll began
 * @param replicaLag measured before the first page; null if unknown
 * @param duration of the whole poll
 * @param queries statements that were sent
 * @param connects connections that were made
 * @param retries attempts that failed and were repeated
 * @param deletionsRead tombstones read
 * @param changesRead rows read
 * @param overlapPairs pairs of the overlap that were looked at
 * @param overlapFetched pairs of the overlap that had not been seen, so that rows were read
 * @param windowPairs pairs of the overlap that are kept for the next poll
 * @param quarantined rows that could not become documents
 * @param pageRows rows that one query asks for by now: fewer after queries that failed
 * @param checks what was compared beyond what changed
 */
public record PollReport(
    String endpoint,
    Instant started,
    Instant databaseNow,
    @Nullable Duration replicaLag,
    Duration duration,
    int queries,
    int connects,
    int retries,
    int deletionsRead,
    int changesRead,
    int overlapPairs,
    int overlapFetched,
    int windowPairs,
    int quarantined,
    int pageRows,
    CheckCounts checks) {}

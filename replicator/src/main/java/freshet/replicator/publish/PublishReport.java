package freshet.replicator.publish;

import freshet.replicator.snapshot.Generation;
import java.time.Duration;

/**
 * What a publication did.
 *
 * @param generation that LATEST names now
 * @param cities whose files or entry changed; 0 if only LATEST was refreshed
 * @param files of the index that are new in the repository
 * @param bytes of those files
 * @param packBytes of the pack, 0 if there is none
 * @param link linking, digesting and opening the cities
 * @param write writing pack, manifest and LATEST, and collecting old files
 */
public record PublishReport(
    Generation generation,
    int cities,
    int files,
    long bytes,
    long packBytes,
    Duration link,
    Duration write) {}

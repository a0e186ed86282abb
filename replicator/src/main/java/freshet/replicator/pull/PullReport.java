package freshet.replicator.pull;

import java.time.Duration;

/**
 * What a pull took.
 *
 * @param duration from the pointer's receipt to the new LATEST
 * @param fetch the part of it until all files were here
 * @param bytesFetched that came from the remote: manifests, pack and files
 * @param requests that were sent to the remote, the pointer's not counted
 * @param filesFetched one by one
 * @param filesPacked that came in the generation's pack
 * @param filesLinked to files of the same content that were here
 * @param filesKept that were here under their name
 * @param filesReplayed of merged segments that were made here
 * @param bytesReplayed of those files, which were not fetched
 */
public record PullReport(
    Duration duration,
    Duration fetch,
    long bytesFetched,
    long requests,
    int filesFetched,
    int filesPacked,
    int filesLinked,
    int filesKept,
    int filesReplayed,
    long bytesReplayed) {}

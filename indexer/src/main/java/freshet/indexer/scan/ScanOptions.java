package freshet.indexer.scan;

import freshet.indexer.source.SourceOptions;
import freshet.replicator.snapshot.IndexSchema;
import java.time.Duration;

/**
 * What is scanned, and how.
 *
 * @param source the tables and servers, as polls read them
 * @param schema of the documents
 * @param patience for how long a page is tried again, while servers fail for reasons that may pass
 */
public record ScanOptions(SourceOptions source, IndexSchema schema, Duration patience) {
  /** Long enough for a server to be started anew. */
  public static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(10);

  /** Refuses what is negative. */
  public ScanOptions {
    if (patience.isNegative()) {
      throw new IllegalArgumentException(
          "a page is tried again for " + patience + ": expected 0 or more");
    }
  }
}

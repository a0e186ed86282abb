package freshet.indexer.source;

import freshet.indexer.connect.Credentials;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.connect.Tls;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is polled, and how.
 *
 * @param endpoints servers that hold the same data, the preferred one first
 * @param database the default database
 * @param credentials the account
 * @param tls what is asked of the encryption
 * @param lag how to learn how far the server is behind
 * @param timeouts deadlines
 * @param retry how failures that may pass are repeated
 * @param limits bounds of a batch
 * @param overlap how far behind the cursor each poll looks again for transactions that committed
 *     late
 * @param table the documents
 * @param tombstones where deletions are noted; null if nowhere, so that only {@link
 *     TableSpec#searchableIf()} and vanished rows delete
 */
public record SourceOptions(
    List<Endpoint> endpoints,
    String database,
    Credentials credentials,
    Tls tls,
    LagSource lag,
    Timeouts timeouts,
    RetryOptions retry,
    Limits limits,
    Duration overlap,
    TableSpec table,
    @Nullable Tombstones tombstones) {
  /** How far a transaction may commit behind its stamp, if nothing else is configured. */
  public static final Duration DEFAULT_OVERLAP = Duration.ofMinutes(10);

  /** Copies the list and refuses what contradicts itself. */
  public SourceOptions {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("no database server is given");
    }
    if (!overlap.isPositive()) {
      throw new IllegalArgumentException("the overlap is " + overlap + ": expected more than 0");
    }
    if (tombstones != null && tombstones.key().size() != table.key().size()) {
      throw new IllegalArgumentException(
          "tombstones have the key columns %s, documents have %s: expected as many"
              .formatted(tombstones.key(), table.key()));
    }
  }
}

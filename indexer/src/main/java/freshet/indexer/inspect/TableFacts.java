package freshet.indexer.inspect;

import freshet.indexer.check.LiveTable;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was found of a table and its server.
 *
 * @param live the table
 * @param rows the server's estimate of how many rows it has
 * @param samples of its columns, by name in lower case
 * @param server of the table
 * @param deletions tables that may hold its tombstones
 * @param references to rows of other tables
 * @param hasDeleteTrigger whether a trigger ON DELETE was seen
 * @param readsWholeDatabase whether the account may read tables that are to come
 */
public record TableFacts(
    LiveTable live,
    long rows,
    Map<String, ColumnSample> samples,
    Server server,
    List<LiveTable> deletions,
    List<Reference> references,
    boolean hasDeleteTrigger,
    boolean readsWholeDatabase) {

  /**
   * The server.
   *
   * @param version in its own words
   * @param isReplica empty if the account may not ask
   * @param zone by whose clock it stamps; null if that shows UTC all year, or nobody knows its name
   */
  public record Server(String version, Optional<Boolean> isReplica, @Nullable ZoneId zone) {
    /** Which of the two dialects is spoken. */
    public boolean isMariaDb() {
      return version.contains("MariaDB");
    }
  }

  /** Copies the collections. */
  public TableFacts {
    samples = Map.copyOf(samples);
    deletions = List.copyOf(deletions);
    references = List.copyOf(references);
  }
}

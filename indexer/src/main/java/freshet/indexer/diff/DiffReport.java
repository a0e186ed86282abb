package freshet.indexer.diff;

import freshet.replicator.snapshot.Generation;
import java.util.List;

/**
 * What a comparison has found.
 *
 * @param generation whose documents were looked at last
 * @param isVerified whether a cycle that began after the first look was waited for; if not, the
 *     second look was at the same generation, and what changed since it shows as pending where its
 *     version or a tombstone says so
 * @param cities every city of table or index that was asked for, by name
 * @param setAside rows that are set aside, and not compared
 * @param unlisted rows of cities that are not to be indexed
 * @param differences the first ones, as many as were asked for
 */
public record DiffReport(
    Generation generation,
    boolean isVerified,
    List<CityCounts> cities,
    long setAside,
    long unlisted,
    List<Difference> differences) {

  /** Copies the lists. */
  public DiffReport {
    cities = List.copyOf(cities);
    differences = List.copyOf(differences);
  }

  /** Documents that are not as their rows. */
  public long found() {
    return cities.stream().mapToLong(CityCounts::differences).sum();
  }
}

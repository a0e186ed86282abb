package freshet.indexer.route;

import freshet.indexer.source.Change;
import freshet.replicator.snapshot.City;
import java.util.List;

/**
 * What a batch changes in one city, each document once.
 *
 * @param city the city
 * @param upserts documents that are in it
 * @param deletions documents that are not, or not any more
 */
public record CityBatch(City city, List<Change.Upsert> upserts, List<Change.Deletion> deletions) {

  /** Copies the lists. */
  public CityBatch {
    upserts = List.copyOf(upserts);
    deletions = List.copyOf(deletions);
  }

  /** How many documents it names. */
  public int size() {
    return upserts.size() + deletions.size();
  }
}

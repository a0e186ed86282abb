package freshet.indexer.build;

import freshet.replicator.schema.CommitData;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Incarnation;
import java.util.HashMap;
import java.util.Map;

/**
 * The last commit of a city's working index.
 *
 * @param data what the commit says of itself
 * @param commit Lucene's generation of it
 * @param batches how many batches changed the city's content; merges don't count
 */
public record WorkingCity(CommitData data, long commit, long batches) {
  private static final String BATCHES = "freshet.batches";

  /** Reads a commit's user data. */
  static WorkingCity of(Map<String, String> userData, long commit, String what)
      throws FormatException {
    try {
      long batches = Long.parseLong(userData.getOrDefault(BATCHES, "0"));
      return new WorkingCity(CommitData.of(userData, what), commit, batches);
    } catch (NumberFormatException e) {
      throw new FormatException("the user data of " + what + " is damaged: " + e.getMessage(), e);
    }
  }

  /** The user data of a commit. */
  static Map<String, String> userData(CommitData data, long batches) {
    Map<String, String> all = new HashMap<>(data.toUserData());
    all.put(BATCHES, Long.toString(batches));
    return all;
  }

  /** The city. */
  public City city() {
    return data.city();
  }

  /** The history that its files belong to. */
  public Incarnation incarnation() {
    return data.incarnation();
  }
}

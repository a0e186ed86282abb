package freshet.replicator.publish;

import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.SourcePosition;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a new snapshot changes.
 *
 * @param commits of cities that have a new commit, each city once
 * @param removed cities that are no more
 * @param schema of all indexes
 * @param position up to where the database was read for every city that is not in {@code behind}
 * @param behind the whole list of cities that were left at an older position. Each of them has been
 *     published before, or is among {@code commits}: one that has no commit yet has no entry that
 *     could remember its position, so hold {@code position} back for it instead.
 * @param claim how fresh the cities are
 */
public record PublishRequest(
    List<CityCommit> commits,
    List<City> removed,
    IndexSchema schema,
    SourcePosition position,
    Map<City, SourcePosition> behind,
    FreshnessClaim claim) {

  /** Copies the collections; a city occurs once. */
  public PublishRequest {
    commits = List.copyOf(commits);
    removed = List.copyOf(removed);
    behind = Collections.unmodifiableMap(new TreeMap<>(behind));
    Set<City> seen = new HashSet<>();
    for (CityCommit commit : commits) {
      requireOnce(seen, commit.city());
    }
    for (City city : removed) {
      requireOnce(seen, city);
    }
  }

  private static void requireOnce(Set<City> seen, City city) {
    if (!seen.add(city)) {
      throw new IllegalArgumentException("city " + city + " occurs twice in one publication");
    }
  }
}

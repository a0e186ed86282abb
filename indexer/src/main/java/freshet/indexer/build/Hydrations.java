package freshet.indexer.build;

import freshet.replicator.snapshot.City;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Working indexes while they are made of published commits, as jobs of the builders. What a job has
 * made counts once it is taken, by the one thread that uses this: not while others go by what was
 * known without it.
 */
final class Hydrations {
  private final WorkingFolder folder;
  private final Set<City> begun = new TreeSet<>();
  private final Map<City, CityIndex> made = new ConcurrentHashMap<>();

  Hydrations(WorkingFolder folder) {
    this.folder = folder;
  }

  /** What makes a city's index, in the place of the one that it has. */
  Builders.Job begin(CityIndex old, PublishedCommit commit) {
    begun.add(old.city());
    return new Builders.Job(old.city(), 1, "its hydration", () -> make(old, commit));
  }

  /** Whether a city's job was begun, and what came of it was not taken. */
  boolean isBegun(City city) {
    return begun.contains(city);
  }

  /** What a job that has ended has made; empty if it failed. */
  Optional<CityIndex> take(City city) {
    begun.remove(city);
    return Optional.ofNullable(made.remove(city));
  }

  private CityOutcome make(CityIndex old, PublishedCommit commit) {
    try {
      old.delete();
      CityIndex index = folder.hydrate(commit.manifest().read(), commit.folder());
      boolean unused = index.closeIfIdle();
      made.put(index.city(), index);
      return new CityOutcome.Unchanged(BatchCounts.NONE);
    } catch (IOException e) {
      return new CityOutcome.Failed(e);
    }
  }
}

package freshet.replicator.pull;

import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.MergeRecipe;
import freshet.replicator.snapshot.RepositoryLayout;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Recipes that are here, and when to go by them.
 *
 * @param rule when merges are replayed
 * @param byCity for each city those of its segments, by their names
 */
record CityRecipes(ReplayRule rule, Map<City, Map<String, MergeRecipe>> byCity) {
  /** Nothing is replayed. */
  static final CityRecipes NONE = new CityRecipes(ReplayRule.of(ReplayMode.NEVER), Map.of());

  /** Copies the map. */
  CityRecipes {
    byCity = Map.copyOf(byCity);
  }

  /** One that plans by those of a city. */
  ReplayPlanner planner(
      City city, Incarnation incarnation, Function<FileEntry, @Nullable String> here) {
    return new ReplayPlanner(
        RepositoryLayout.incarnationName(city, incarnation),
        byCity.getOrDefault(city, Map.of()),
        here,
        rule);
  }
}

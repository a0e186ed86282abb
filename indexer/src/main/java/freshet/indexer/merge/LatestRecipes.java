package freshet.indexer.merge;

import freshet.replicator.snapshot.MergeRecipe;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The recipes of the latest merges of one index, until commits that have them are published. */
final class LatestRecipes {
  /** As many as are published with a city. */
  private static final int MOST = 6;

  private final Deque<MergeRecipe> latest = new ArrayDeque<>();

  synchronized void add(MergeRecipe recipe) {
    latest.addLast(recipe);
    if (latest.size() > MOST) {
      latest.removeFirst();
    }
  }

  /** In the order of the merges. */
  synchronized List<MergeRecipe> all() {
    return List.copyOf(latest);
  }
}

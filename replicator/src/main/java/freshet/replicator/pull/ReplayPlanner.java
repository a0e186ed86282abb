package freshet.replicator.pull;

import freshet.replicator.replay.MergeCodec;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.MergeRecipe;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a merged segment of one city can be made here, and from what: from segments that
 * are here, from those that are made by another recipe first, or from small ones that are fetched.
 * Pure.
 */
final class ReplayPlanner {
  /** Less than this is not worth a merge. */
  static final long WORTHWHILE_BYTES = 4 << 10;

  private final String folder;
  private final Map<String, MergeRecipe> recipes;
  private final Function<FileEntry, @Nullable String> here;
  private final ReplayRule rule;

  /**
   * A planner for one city.
   *
   * @param folder relative name of its incarnation's folder
   * @param recipes by the segment that they make
   * @param here under which relative name a file's content is here; null if it isn't
   */
  ReplayPlanner(
      String folder,
      Map<String, MergeRecipe> recipes,
      Function<FileEntry, @Nullable String> here,
      ReplayRule rule) {
    this.folder = folder;
    this.recipes = recipes;
    this.here = here;
    this.rule = rule;
  }

  /** How to make these files of a segment; empty if they are to be fetched. */
  Optional<Replay> plan(String segment, List<FileEntry> wanted) {
    List<FileEntry> outputs = wanted.stream().filter(MergeRecipe::isReplayable).toList();
    long bytes = outputs.stream().mapToLong(FileEntry::length).sum();
    MergeRecipe recipe = recipes.get(segment);
    if (recipe == null || bytes < WORTHWHILE_BYTES) {
      return Optional.empty();
    }
    Sources sources = new Sources();
    if (!sources.make(recipe)) {
      return Optional.empty();
    }
    Replay replay = new Replay(folder, sources.merges, sources.links, sources.fetches, outputs);
    return switch (rule.decide(bytes, replay.bytesToFetch())) {
      case ReplayRule.Choice.Replay choice -> Optional.of(replay);
      case ReplayRule.Choice.Fetch choice -> Optional.empty();
    };
  }

  /** Where all that one segment is made of comes from. */
  private final class Sources {
    private final List<MergeRecipe> merges = new ArrayList<>();
    private final Map<String, String> links = new LinkedHashMap<>();
    private final List<FileEntry> fetches = new ArrayList<>();
    private final Set<String> met = new HashSet<>();

    /** Whether it can be made at all. */
    boolean make(MergeRecipe recipe) {
      if (MergeCodec.of(recipe.fingerprint()).isEmpty() || !met.add(recipe.segment())) {
        return false;
      }
      for (MergeRecipe.Source source : recipe.sources()) {
        if (!link(source) && !remake(source.segment()) && !fetch(source)) {
          return false;
        }
      }
      merges.add(recipe);
      return true;
    }

    private boolean link(MergeRecipe.Source source) {
      Map<String, String> found = new LinkedHashMap<>();
      for (FileEntry file : source.files()) {
        String name = here.apply(file);
        if (name == null) {
          return false;
        }
        found.put(file.name(), name);
      }
      links.putAll(found);
      return !found.isEmpty();
    }

    private boolean remake(String segment) {
      MergeRecipe recipe = recipes.get(segment);
      return recipe != null && make(recipe);
    }

    private boolean fetch(MergeRecipe.Source source) {
      fetches.addAll(source.files());
      return !source.files().isEmpty();
    }
  }
}

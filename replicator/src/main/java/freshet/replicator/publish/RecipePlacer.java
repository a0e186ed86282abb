package freshet.replicator.publish;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.MergeRecipe;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the recipes of merges beside the files of one incarnation. A recipe is a help, not a part
 * of the commit: one that has no place is left out, and slaves fetch that segment.
 *
 * @param folder the incarnation's folder in the repository, which exists
 */
record RecipePlacer(Path folder) {
  /** The newest that stay with a city: for slaves that skip generations. */
  static final int KEPT = 8;

  private static final Logger LOG = LoggerFactory.getLogger(RecipePlacer.class);

  /**
   * Those of a commit: the newest of what was published before, and of these.
   *
   * @param recipes in the order of the merges
   * @param before recipes of the last published commit of the same incarnation
   * @param files what was published before: the sources are among them
   * @param segments of the commit
   */
  List<FileEntry> place(
      List<MergeRecipe> recipes,
      List<FileEntry> before,
      List<FileEntry> files,
      Set<String> segments)
      throws IOException {
    TreeMap<Long, FileEntry> all = new TreeMap<>();
    before.forEach(entry -> all.put(order(entry.segment()), entry));
    for (MergeRecipe recipe : needed(recipes, segments)) {
      if (!all.containsKey(order(recipe.segment()))) {
        place(recipe, files).ifPresent(entry -> all.put(order(recipe.segment()), entry));
      }
    }
    while (all.size() > KEPT) {
      all.pollFirstEntry();
    }
    return new ArrayList<>(all.values());
  }

  /** Writes one, unless it is there; empty if its name means another. */
  Optional<FileEntry> place(MergeRecipe recipe, List<FileEntry> files) throws IOException {
    Path file = folder.resolve(recipe.fileName());
    try {
      byte[] bytes = Files.readAllBytes(file);
      MergeRecipe found = SnapshotCodec.read(bytes, MergeRecipe.class, file.toString());
      return found.id().equals(recipe.id()) ? Optional.of(entry(recipe, bytes)) : Optional.empty();
    } catch (NoSuchFileException e) {
      MergeRecipe whole = recipe.withFiles(source -> filesOf(source.segment(), files));
      byte[] bytes = SnapshotCodec.write(whole);
      DurableFiles.write(file, bytes);
      return Optional.of(entry(recipe, bytes));
    } catch (FormatException e) {
      LOG.warn("{}; slaves fetch that segment", e.getMessage());
      return Optional.empty();
    }
  }

  /** Those that made a segment of the commit, or a source of such a one. */
  private static List<MergeRecipe> needed(List<MergeRecipe> recipes, Set<String> segments) {
    Set<String> wanted = new HashSet<>(segments);
    List<MergeRecipe> needed = new ArrayList<>();
    for (MergeRecipe recipe : recipes.reversed()) {
      if (wanted.contains(recipe.segment())) {
        needed.add(recipe);
        recipe.sources().forEach(source -> wanted.add(source.segment()));
      }
    }
    return needed;
  }

  private static List<FileEntry> filesOf(String segment, List<FileEntry> files) {
    return files.stream()
        .filter(file -> file.segment().equals(segment) && !MergeRecipe.isOfDeletions(file))
        .toList();
  }

  private static FileEntry entry(MergeRecipe recipe, byte[] bytes) {
    return new FileEntry(recipe.fileName(), bytes.length, Digest.of(bytes), recipe.segment());
  }

  private static long order(String segment) {
    return Long.parseLong(segment.substring(1), Character.MAX_RADIX);
  }
}

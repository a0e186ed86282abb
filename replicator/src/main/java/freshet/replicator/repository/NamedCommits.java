package freshet.replicator.repository;

import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.SnapshotManifest;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The commits that manifests and frozen cities name, each with how many do. Kept while manifests
 * come and go, so that a collection costs what has changed and not what is there. Not thread-safe.
 */
final class NamedCommits {
  private final Map<CommitFiles.Folder, NavigableMap<Long, Named>> byFolder = new HashMap<>();

  private record Named(CityEntry entry, int manifests) {}

  /** A manifest that names commits has come. */
  void add(SnapshotManifest manifest) {
    manifest.cities().forEach(this::add);
  }

  /** One that came before is gone. */
  void remove(SnapshotManifest manifest) {
    manifest.cities().forEach(this::remove);
  }

  /** Something names this commit. */
  void add(CityEntry entry) {
    byFolder
        .computeIfAbsent(CommitFiles.Folder.of(entry), folder -> new TreeMap<>())
        .merge(
            entry.commit(),
            new Named(entry, 1),
            (old, one) -> new Named(old.entry(), old.manifests() + 1));
  }

  /** What named it does so no more. */
  void remove(CityEntry entry) {
    byFolder.computeIfPresent(
        CommitFiles.Folder.of(entry),
        (folder, commits) -> {
          commits.computeIfPresent(
              entry.commit(),
              (commit, named) ->
                  named.manifests() == 1 ? null : new Named(named.entry(), named.manifests() - 1));
          return commits.isEmpty() ? null : commits;
        });
  }

  /** Those of one history, by their numbers. */
  NavigableMap<Long, CityEntry> of(CommitFiles.Folder folder) {
    NavigableMap<Long, CityEntry> commits = new TreeMap<>();
    byFolder
        .getOrDefault(folder, Collections.emptyNavigableMap())
        .forEach((commit, named) -> commits.put(commit, named.entry()));
    return commits;
  }
}
